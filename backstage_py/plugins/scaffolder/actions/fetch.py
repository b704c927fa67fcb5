"""Actions that copy files into the workspace."""

from collections.abc import Iterable
from typing import Any

from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.actions.path_pattern import PathPatterns
from backstage_py.plugins.scaffolder.actions.skeleton import (
    DEFAULT_EXTENSION,
    Skeleton,
    SkeletonOptions,
)
from backstage_py.plugins.scaffolder.errors import ActionError
from backstage_py.plugins.scaffolder.expressions.renderer import FileOptions
from backstage_py.plugins.scaffolder.templates.source import SourceFile


def fetch_plain(context: ActionContext) -> None:
    """Copy a folder as it is."""
    files = context.source.read_folder(context.text("url"), token=context.text("token"))
    _write_all(context, files, replaces=True)


def fetch_plain_file(context: ActionContext) -> None:
    """Copy a file as it is."""
    file = context.source.read_file(context.text("url"), token=context.text("token"))
    target = context.text("targetPath")
    context.workspace.write_bytes(target, file.content, is_executable=file.is_executable)
    context.log(f"Fetched {target}")


def fetch_template(context: ActionContext) -> None:
    """Render a skeleton into the workspace."""
    skeleton = Skeleton(context.renderer, context.input.get("values", {}), _read_options(context))
    files = context.source.read_folder(context.text("url"), token=context.text("token"))
    rendered = (skeleton.render(file) for file in _watch(context, files))
    wanted = (file for file in rendered if file is not None)
    _write_all(context, wanted, replaces=bool(context.input.get("replace")))


def fetch_template_file(context: ActionContext) -> None:
    """Render one file into the workspace."""
    target = context.text("targetPath")
    if context.workspace.exists(target) and not context.input.get("replace"):
        context.log(f"{target} is there already and stays; set replace: true to change it")
        return
    skeleton = Skeleton(context.renderer, context.input.get("values", {}), _read_options(context))
    file = context.source.read_file(context.text("url"), token=context.text("token"))
    content = skeleton.render_text(file)
    context.workspace.write_bytes(target, content, is_executable=file.is_executable)
    context.log(f"Wrote {target}")


def _write_all(context: ActionContext, files: Iterable[SourceFile], *, replaces: bool) -> None:
    folder = context.text("targetPath", ".")
    context.workspace.make_folder(folder)
    written = kept = 0
    for file in files:
        path = f"{folder}/{file.path}"
        if not replaces and context.workspace.exists(path):
            kept += 1
            continue
        context.workspace.write_bytes(path, file.content, is_executable=file.is_executable)
        written += 1
    context.log(f"Wrote {written} files")
    if kept:
        context.log(f"Kept {kept} files that were there; set replace: true to change them")


def _watch(context: ActionContext, files: Iterable[SourceFile]) -> Iterable[SourceFile]:
    for file in files:
        context.wait(0)
        yield file


def _read_options(context: ActionContext) -> SkeletonOptions:
    copied = _read_patterns(context, "copyWithoutTemplating", "copyWithoutRender")
    extension = context.input.get("templateFileExtension")
    is_cookiecutter = bool(context.input.get("cookiecutterCompat"))
    if extension and (copied or is_cookiecutter):
        raise ActionError(
            "templateFileExtension: does not go with copyWithoutTemplating or cookiecutterCompat;"
            " leave one of them out"
        )
    return SkeletonOptions(
        copied=PathPatterns(copied),
        extension=DEFAULT_EXTENSION if extension is True else extension or "",
        blocks=FileOptions(
            trim_blocks=bool(context.input.get("trimBlocks")),
            lstrip_blocks=bool(context.input.get("lstripBlocks")),
            cookiecutter_compat=is_cookiecutter,
        ),
    )


def _read_patterns(context: ActionContext, *keys: str) -> list[str]:
    lists: list[list[Any]] = [context.input.get(key) or [] for key in keys]
    return [str(pattern) for patterns in lists for pattern in patterns]
