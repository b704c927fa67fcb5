"""Actions that publish the workspace: to a folder, or to a git repository."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backstage_py.analytics import Clock
from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.git_repository import (
    Commit,
    CommitFile,
    make_bare_repository,
    read_head,
)
from backstage_py.plugins.scaffolder.actions.publication import Publication, parse_name
from backstage_py.plugins.scaffolder.errors import ActionError
from backstage_py.plugins.scaffolder.settings import ScaffolderSettings
from backstage_py.plugins.scaffolder.tasks.workspace import Workspace, split_path


@dataclass(frozen=True, slots=True)
class PublishActions:
    """The actions, for the folders that the owner configured."""

    settings: ScaffolderSettings
    base_dir: Path
    now: Clock

    def publish_files(self, context: ActionContext) -> Mapping[str, Any]:
        """Copy the workspace, or a folder of it, to its published place."""
        name = parse_name(context.text("name"))
        folder = self._place(self.settings.publish.file.folder)
        place = Publication(folder).publish(
            name, task_id=context.task_id, fill=lambda part: _copy(_open_source(context), part)
        )
        context.log(f"Published to {self._show(place)}")
        return {"path": self._show(place), "repoContentsUrl": f"file:{self._show(place)}"}

    def publish_repository(self, context: ActionContext) -> Mapping[str, Any]:
        """Commit the workspace, or a folder of it, to a new bare repository."""
        name = parse_name(context.text("repoUrl"))
        branch = context.text("defaultBranch") or "main"
        commit = describe_commit(context, self.settings, branch, self.now)
        files = read_files(context)
        folder = self._place(self.settings.publish.git.folder)
        place = Publication(folder).publish(
            f"{name}.git",
            task_id=context.task_id,
            fill=lambda part: make_bare_repository(part, files, commit),
        )
        context.log(f"Published {len(files)} files to {self._show(place)}")
        base_url = self.settings.publish.git.base_url
        return {
            "remoteUrl": f"{base_url.rstrip('/')}/{name}.git" if base_url else str(place),
            "repoContentsUrl": f"git:{self._show(place)}",
            "commitHash": read_head(place),
        }

    def _place(self, folder: str) -> Path:
        place = (self.base_dir / folder).resolve()
        place.mkdir(parents=True, exist_ok=True)
        return place

    def _show(self, place: Path) -> str:
        """The path as in the catalog's locations: relative to the configuration's folder."""
        return os.path.relpath(place, self.base_dir.resolve())


def describe_commit(
    context: ActionContext, settings: ScaffolderSettings, branch: str, now: Clock
) -> Commit:
    """The message and author of a step's commit: from its input, or the owner's."""
    author = settings.default_author
    given = context.text("gitCommitMessage") or context.text("commitMessage")
    return Commit(
        branch=branch,
        message=given or settings.default_commit_message,
        author_name=context.text("gitAuthorName") or author.name,
        author_email=context.text("gitAuthorEmail") or author.email,
        at=now(),
    )


def read_files(context: ActionContext, *, below: str = "") -> list[CommitFile]:
    """Read the files of the workspace that a step publishes.

    `below` is the folder of the repository that they go to.

    Raises:
        ActionError: If there are none.
    """
    source = _open_source(context)
    above = "".join(f"{part}/" for part in split_path(below))
    files = [
        CommitFile(f"{above}{one.path}", source.read_bytes(one.path), one.is_executable)
        for one in source.list_files()
    ]
    if not files:
        raise ActionError("there is nothing in the workspace to publish; fetch something first")
    return files


def _open_source(context: ActionContext) -> Workspace:
    path = context.text("sourcePath", ".")
    return Workspace(context.workspace.resolve_folder(path))


def _copy(source: Workspace, target: Path) -> None:
    copied = Workspace(target)
    for file in source.list_files():
        content = source.read_bytes(file.path)
        copied.write_bytes(file.path, content, is_executable=file.is_executable)
