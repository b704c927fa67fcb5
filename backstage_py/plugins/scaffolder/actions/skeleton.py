"""Makes files from a skeleton by rendering names and contents.

The rules are those of `fetch:template` of `@backstage/plugin-scaffolder-backend`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backstage_py.plugins.scaffolder.actions.path_pattern import PathPatterns
from backstage_py.plugins.scaffolder.errors import ExpressionError
from backstage_py.plugins.scaffolder.expressions.renderer import (
    DEFAULT_OPTIONS,
    FileOptions,
    Renderer,
)
from backstage_py.plugins.scaffolder.templates.source import SourceFile

DEFAULT_EXTENSION = ".njk"
_LOOKED_AT_BYTES = 8_000
_MARKS = ("{{", "{%", "{#")


@dataclass(frozen=True, slots=True)
class SkeletonOptions:
    """How a skeleton is rendered.

    `copied` are the files whose contents are not rendered; with an `extension` only files that end
    with it are rendered, and lose it.
    """

    copied: PathPatterns = field(default_factory=lambda: PathPatterns(()))
    extension: str = ""
    blocks: FileOptions = DEFAULT_OPTIONS


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Renders files with the given values."""

    renderer: Renderer
    values: Mapping[str, Any]
    options: SkeletonOptions = SkeletonOptions()

    def render(self, file: SourceFile) -> SourceFile | None:
        """Render a file; None if its name renders to nothing.

        Raises:
            ExpressionError: If its name or its content cannot be rendered.
        """
        path = self._render_path(file.path)
        if path is None:
            return None
        content = self._render_content(file) if self._is_rendered(file) else file.content
        return SourceFile(path, content, file.is_executable)

    def render_text(self, file: SourceFile) -> bytes:
        """Render the content of a file, unless it is binary.

        Raises:
            ExpressionError: If it cannot be rendered.
        """
        return file.content if is_binary(file.content) else self._render_content(file)

    def _is_rendered(self, file: SourceFile) -> bool:
        if is_binary(file.content):
            return False
        if self.options.extension:
            return file.path.endswith(self.options.extension)
        return not self.options.copied.match(file.path)

    def _render_path(self, path: str) -> str | None:
        if self.options.extension and path.endswith(self.options.extension):
            path = path.removesuffix(self.options.extension)
        rendered = self._render(path, path)
        is_left_out = not rendered or rendered.startswith("/") or "//" in rendered
        return None if is_left_out or rendered.endswith("/") else rendered

    def _render_content(self, file: SourceFile) -> bytes:
        return self._render(file.content.decode(), file.path).encode(errors="replace")

    def _render(self, text: str, path: str) -> str:
        if not any(mark in text for mark in _MARKS):
            return text
        name = "cookiecutter" if self.options.blocks.cookiecutter_compat else "values"
        try:
            return self.renderer.render_file(text, {name: self.values}, self.options.blocks)
        except ExpressionError as error:
            raise ExpressionError(f"{path}: {error}") from error


def is_binary(content: bytes) -> bool:
    """Whether a file is not a text to render."""
    if b"\0" in content[:_LOOKED_AT_BYTES]:
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        return True
    return False
