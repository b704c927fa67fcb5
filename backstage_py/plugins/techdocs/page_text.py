"""Reads a page without rendering it: its title, and its text for the search."""

import re
from pathlib import PurePosixPath
from typing import Any

import yaml

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_META_LINE = re.compile(r" {0,3}([A-Za-z0-9_-]+):\s*(.*)")
_META_MORE = re.compile(r"(?: {4}|\t)\s*(.*)")
_MAX_FRONT_MATTER = 16 * 1024
MAX_WORDS = 200_000
"""The number of characters of a page that the search indexes."""
_MAX_HEADING = 300
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")
_HEADING = re.compile(r"#[ \t]+(.+?)[ \t]*#*[ \t]*(?:\{:?[^}]*\})?[ \t]*")
_UNDERLINE = re.compile(r"=+[ \t]*")
_MARKS = (
    (re.compile(r"^[ \t]*```(?:mermaid|plantuml)\b.*?^[ \t]*```", re.DOTALL | re.MULTILINE), " "),
    (re.compile(r"^[ \t]*(?:`{3,}|~{3,}).*$", re.MULTILINE), " "),
    (re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?|===)[ \t]*(?:\w+[ \t]*)?", re.MULTILINE), " "),
    (re.compile(r"^[ \t]*-{2,8}8<-{2,8}.*$", re.MULTILINE), " "),
    (re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*(?:\s[^()]*)?\)"), r"\1"),
    (re.compile(r"\{:[^{}]*\}"), " "),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), " "),
    (re.compile(r"^[ \t]*(?:[#>*+-]|\d+\.)+[ \t]+", re.MULTILINE), " "),
    (re.compile(r"[*`~]+|\b_+|_+\b"), ""),
    (re.compile(r"\||:?-{3,}:?"), " "),
)


def part_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Split the metadata at the beginning of a page from its Markdown.

    It is YAML between two lines `---`, else lines such as `Title: Shop` up to a blank one
    (MultiMarkdown). Source of the rules: `mkdocs.utils.meta`.
    """
    found = _FRONT_MATTER.match(text)
    if found is None:
        return _part_lines(text)
    matter = found[1]
    if len(matter) > _MAX_FRONT_MATTER or "&" in matter:
        return {}, text[found.end() :]
    try:
        content = yaml.load(matter, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, text
    return (content, text[found.end() :]) if isinstance(content, dict) else ({}, text)


def _part_lines(text: str) -> tuple[dict[str, Any], str]:
    matter: dict[str, Any] = {}
    key = ""
    lines = text.split("\n")
    taken = 0
    for line in lines:
        named, more = _META_LINE.match(line), _META_MORE.match(line)
        if not line.strip() or not (named or (more and key)):
            break
        key = named[1].lower() if named else key
        value = named[2] if named else more[1] if more else ""
        matter[key] = f"{matter.get(key, '')} {value.strip()}".strip()
        taken += 1
    return (matter, "\n".join(lines[taken:]).lstrip("\n")) if matter else ({}, text)


def find_title(text: str, file: str) -> str:
    """The title of a page: that of its front matter, its first heading, or its file's name."""
    matter, body = part_front_matter(text)
    title = matter.get("title")
    if isinstance(title, str) and title.strip():
        return title.strip()
    return _find_heading(body) or name_title(file)


def name_title(file: str) -> str:
    """The default title of a file or a folder, as in MkDocs."""
    path = PurePosixPath(file)
    stem = path.stem if path.suffix else path.name
    if stem.lower() in {"index", "readme"}:
        return name_title(path.parent.name) if path.parent.name else "Home"
    words = re.sub(r"[-_]+", " ", stem).strip()
    return words.capitalize() if words == words.lower() else words


def plain_text(text: str) -> str:
    """The text of a page, without Markdown."""
    _, plain = part_front_matter(text)
    plain = _drop_comments(plain[:MAX_WORDS])
    for mark, replacement in _MARKS:
        plain = mark.sub(replacement, plain)
    return " ".join(plain.split())


def _find_heading(body: str) -> str:
    fence, previous = "", ""
    for line in body.splitlines():
        found = _FENCE.match(line)
        if found and (not fence or found[1].startswith(fence)):
            fence = "" if fence else found[1]
        elif not fence:
            if heading := _HEADING.fullmatch(line[:_MAX_HEADING]):
                return plain_text(heading[1])
            if previous.strip() and _UNDERLINE.fullmatch(line[:_MAX_HEADING]):
                return plain_text(previous[:_MAX_HEADING])
        previous = line
    return ""


def _drop_comments(text: str) -> str:
    """Remove HTML comments; one without an end is kept."""
    parts: list[str] = []
    place = 0
    while (begin := text.find("<!--", place)) >= 0 and (end := text.find("-->", begin)) >= 0:
        parts.append(text[place:begin])
        place = end + len("-->")
    return " ".join([*parts, text[place:]])
