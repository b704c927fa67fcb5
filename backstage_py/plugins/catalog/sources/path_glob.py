"""Globs over paths that are not files on disk, such as the ones in a git commit."""

import re
from fnmatch import translate
from glob import has_magic

_ANY_FOLDERS = "**"


class PathGlob:
    """A pattern of `*`, `?` and `[...]` inside one segment of a path, and `**` for any folders.

    It works like `pathlib.Path.glob`, except that a `**` at the end matches all files below. The
    time is at most proportional to path times pattern.

    Raises:
        ValueError: `**` is next to other characters, or `..` follows a wildcard.
    """

    def __init__(self, pattern: str) -> None:
        segments = pattern.split("/")
        for index, segment in enumerate(segments):
            if _ANY_FOLDERS in segment and segment != _ANY_FOLDERS:
                raise ValueError("`**` must be a whole segment of a pattern")
            if segment == ".." and has_magic("/".join(segments[:index])):
                raise ValueError("`..` must not follow a wildcard")
        self._segments = [
            None if segment == _ANY_FOLDERS else re.compile(translate(segment))
            for segment in segments
        ]

    def matches(self, path: str) -> bool:
        """Tell whether the pattern matches this path, from first to last segment."""
        reached = self._skip_any({0})
        for name in path.split("/"):
            reached = self._skip_any(
                {
                    place if segment is None else place + 1
                    for place in reached
                    if place < len(self._segments)
                    and ((segment := self._segments[place]) is None or segment.match(name))
                }
            )
        return len(self._segments) in reached

    def _skip_any(self, places: set[int]) -> set[int]:
        """Add the positions reached because `**` may match no folder."""
        found = set(places)
        for place in places:
            following = place
            while following < len(self._segments) and self._segments[following] is None:
                following += 1
                found.add(following)
        return found
