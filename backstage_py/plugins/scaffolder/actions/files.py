"""Actions on the files of the workspace."""

from collections.abc import Mapping
from typing import Any

from backstage_py.plugins.scaffolder.actions.action import ActionContext


def delete_files(context: ActionContext) -> None:
    """Delete files and folders."""
    for pattern in context.input["files"]:
        deleted = context.workspace.delete(pattern)
        if deleted:
            context.log(f"Deleted {', '.join(deleted)}")
        else:
            context.warn(f"Nothing to delete at {pattern}")


def rename_files(context: ActionContext) -> None:
    """Rename files and folders."""
    for one in context.input["files"]:
        overwrite = bool(one.get("overwrite"))
        context.workspace.rename(one["from"], one["to"], overwrite=overwrite)
        context.log(f"Renamed {one['from']} to {one['to']}")


def read_folders(context: ActionContext) -> Mapping[str, Any]:
    """List folders and files; the workspace's own path is not revealed."""
    recursive = bool(context.input.get("recursive"))
    found = [
        context.workspace.list_folder(path, recursive=recursive) for path in context.input["paths"]
    ]
    return {
        "folders": [_write(path) for folders, _ in found for path in folders],
        "files": [_write(path) for _, files in found for path in files],
    }


def _write(path: str) -> dict[str, str]:
    return {"name": path.rpartition("/")[2], "path": path, "fullPath": path}
