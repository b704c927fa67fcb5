"""JavaScript's operators in expressions, in Jinja's words.

Nunjucks knows `===` and `!==`, and authors write `&&`, `||` and `!`, which Jinja does not know.
Only what stands between the marks is looked at, no text, no string, no comment and nothing raw.
"""

import re

NOT = "~"
"""Stands for `!` before an operand, where Jinja's `~` cannot stand otherwise."""

_WORDS = {"===": "==", "!==": "!=", "&&": " and ", "||": " or ", "!": NOT}
_OPENING = re.compile(r"\$\{\{|\{%|\{#")
_CLOSING = {"${{": "}}", "{%": "%}", "{#": "#}"}
_RAW = re.compile(r"\{%[-+]?\s*raw\s*[-+]?%\}.*?(?:\{%[-+]?\s*endraw\s*[-+]?%\}|\Z)", re.DOTALL)
_PART = re.compile(
    r"""'(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | ===|!==|!=|&&|\|\||! | \}\}|%\}""",
    re.DOTALL | re.VERBOSE,
)


def translate_operators(source: str) -> str:
    """Write the JavaScript operators of a template in Jinja's words."""
    written: list[str] = []
    position = 0
    while opening := _OPENING.search(source, position):
        written.append(source[position : opening.start()])
        end = _find_end(source, opening)
        region = source[opening.start() : end]
        is_code = opening[0] != "{#" and not _RAW.match(source, opening.start())
        written.append(_translate(region) if is_code else region)
        position = end
    return "".join(written) + source[position:]


def _find_end(source: str, opening: re.Match[str]) -> int:
    """Find where a region ends; one that is never closed goes to the end of the text."""
    if raw := _RAW.match(source, opening.start()):
        return raw.end()
    closing = _CLOSING[opening[0]]
    if opening[0] == "{#":
        end = source.find(closing, opening.end())
        return len(source) if end < 0 else end + len(closing)
    for part in _PART.finditer(source, opening.end()):
        if part[0] == closing:
            return part.end()
    return len(source)


def _translate(region: str) -> str:
    return _PART.sub(lambda part: _WORDS.get(part[0], part[0]), region)
