"""Path patterns of fetch:template: `*`, `?`, `[ab]` in a name, `**` for folders."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cache

_ANY_DEPTH = "**"


class PathPatterns:
    """Matches a path, or a folder above it, against patterns."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [
            tuple(part for part in pattern.split("/") if part not in {"", "."})
            for pattern in patterns
        ]

    def match(self, path: str) -> bool:
        """Whether a path with `/` matches."""
        parts = tuple(path.split("/"))
        return any(_match(pattern, parts) for pattern in self._patterns if pattern)


def _match(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    @cache
    def match(i: int, j: int) -> bool:
        if i == len(pattern):
            return True  # a folder matched: everything in it matches
        if pattern[i] == _ANY_DEPTH:
            return match(i + 1, j) or (j < len(parts) and match(i, j + 1))
        return j < len(parts) and fnmatchcase(parts[j], pattern[i]) and match(i + 1, j + 1)

    return match(0, 0)
