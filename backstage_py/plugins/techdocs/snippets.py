"""Includes other files in a page, with the syntax of `pymdownx.snippets`.

That extension reads from the disk; here a snippet is a file of the same documentation, and nothing
else.
"""

import re
from collections.abc import Callable

MAX_NESTED = 8
MAX_FILES = 500
MAX_CHARACTERS = 1_000_000

Read = Callable[[str], str]

_MARK = r"-{2,8}8<-{2,8}"
_LINE = re.compile(
    rf"^(?P<indent>[ \t]*)(?P<escape>;?){_MARK}[ \t]+(?P<quote>['\"])(?P<path>.+?)(?P=quote)"
)
_BLOCK = re.compile(rf"^(?P<indent>[ \t]*)(?P<escape>;?){_MARK}[ \t]*$")
_PARTS = re.compile(
    r"(?P<file>.*?)(?::(?P<first>\d*)(?::(?P<last>\d*))?|:(?P<section>[a-z][\w-]*))?"
)
_SECTION = re.compile(
    rf"{_MARK}[ \t]*\[[ \t]*(?P<what>start|end)[ \t]*:[ \t]*(?P<name>[\w-]+)[ \t]*\]"
)


def has_snippets(text: str) -> bool:
    """Whether a page includes anything."""
    return "8<-" in text


def include_snippets(text: str, read: Read) -> str:
    """Insert the files that a page names; an unreadable one is reported in its place.

    Args:
        text: The Markdown.
        read: Reads a file of the documentation, or raises LookupError with the reason.
    """
    return "\n".join(_Includer(read).include(text.splitlines(), ()))


class _Includer:
    def __init__(self, read: Read) -> None:
        self._read = read
        self._left = MAX_CHARACTERS
        self._files = 0

    def include(self, lines: list[str], way: tuple[str, ...]) -> list[str]:
        result: list[str] = []
        block_indent: str | None = None
        for line in lines:
            block = _BLOCK.match(line)
            found = _LINE.match(line)
            if block and block["escape"]:
                result.append(line.replace(";", "", 1))
            elif block:
                block_indent = block["indent"] if block_indent is None else None
            elif block_indent is not None:
                if line.strip():
                    result += self._include_file(line.strip(), block_indent, way)
            elif found and found["escape"]:
                result.append(line.replace(";", "", 1))
            elif found:
                result += self._include_file(found["path"], found["indent"], way)
            else:
                result.append(line)
        return result

    def _include_file(self, target: str, indent: str, way: tuple[str, ...]) -> list[str]:
        parts = _PARTS.fullmatch(target)
        file = parts["file"] if parts else target
        try:
            text = self._read_file(file, way)
        except LookupError as error:
            name = file.replace("`", "")
            return [f"{indent}*The snippet `{name}` is not shown: {error.args[0]}.*"]
        chosen = _choose(text.splitlines(), parts) if parts else text.splitlines()
        included = self.include(chosen, (*way, file))
        return [f"{indent}{line}" if line else line for line in included]

    def _read_file(self, file: str, way: tuple[str, ...]) -> str:
        if file in way or len(way) >= MAX_NESTED:
            raise LookupError("it includes itself, or is nested too deep")
        self._files += 1
        if self._files > MAX_FILES:
            raise LookupError(f"a page must not include more than {MAX_FILES} files")
        text = self._read(file)
        self._left -= len(text)
        if self._left < 0:
            raise LookupError(f"a page must not include more than {MAX_CHARACTERS} characters")
        return text


def _choose(lines: list[str], parts: re.Match[str]) -> list[str]:
    if parts["section"]:
        return _choose_section(lines, parts["section"])
    if parts["first"] is not None or parts["last"] is not None:
        first, last = parts["first"] or "1", parts["last"] or ""
        lines = lines[max(0, int(first[:9]) - 1) : int(last[:9]) if last else None]
    return [line for line in lines if not _SECTION.search(line)]


def _choose_section(lines: list[str], name: str) -> list[str]:
    chosen: list[str] = []
    is_inside = False
    for line in lines:
        if mark := _SECTION.search(line):
            if mark["name"] == name:
                is_inside = mark["what"] == "start"
        elif is_inside:
            chosen.append(line)
    return chosen
