"""Markdown as one line of plain text."""

import re

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|[*_`~])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_LINE_START = re.compile(r"^\s*(?:#{1,6}|[-*+>]|\d+\.)\s+", re.MULTILINE)


def plain_text(markdown: str) -> str:
    """Return the words of a Markdown text, on one line."""
    text = _LINE_START.sub("", _LINK.sub(r"\1", markdown))
    for _ in range(2):  # bold within a link's text, code within bold
        text = _EMPHASIS.sub(r"\2", text)
    return " ".join(text.split())
