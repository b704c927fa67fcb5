"""An annotation: a moment, a text and tags."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from backstage_py.analytics import AnalyticsError, format_time, parse_time

MAX_TEXT = 500
MAX_TAGS = 20
MAX_TAG = 60
VERSION_TAG = "version"
"""The tag of annotations that are added when a new `app_version` appears."""
_KEYS = ("at", "text", "tags")


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A mark on every chart over time.

    `author` is the entity ref of a user, the name of a token, or None for the portal itself and for
    the shell.

    Raises:
        AnalyticsError: If the text or a tag is empty or too long, or the time has no zone.
    """

    at: datetime
    text: str
    tags: tuple[str, ...] = ()
    author: str | None = None
    id: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise AnalyticsError("at", f"is {self.at}, without a zone", "Give an offset from UTC")
        if not self.text.strip():
            raise AnalyticsError("text", "is empty", "Describe what happened, such as Release 2.4")
        if len(self.text) > MAX_TEXT:
            problem = f"has {len(self.text)} characters"
            raise AnalyticsError("text", problem, f"Use {MAX_TEXT} at most")
        if len(self.tags) > MAX_TAGS:
            raise AnalyticsError("tags", f"are {len(self.tags)}", f"Use {MAX_TAGS} at most")
        for tag in self.tags:
            if not 0 < len(tag) <= MAX_TAG:
                problem = f"has {tag[:MAX_TAG]!r}"
                raise AnalyticsError("tags", problem, f"Use tags of 1 to {MAX_TAG} characters")

    @classmethod
    def from_wire(cls, wire: Mapping[str, Any], author: str | None) -> Self:
        """Parse an annotation from JSON.

        Raises:
            AnalyticsError: If a key is unknown, missing or wrong; it names the key.
        """
        unknown = next((key for key in wire if key not in _KEYS), None)
        if unknown is not None:
            raise AnalyticsError(unknown[:MAX_TAG], "is unknown", f"Use {', '.join(_KEYS)}")
        at, text, tags = wire.get("at"), wire.get("text"), wire.get("tags", [])
        if not isinstance(at, str):
            raise AnalyticsError("at", "is missing", "Give a time, such as 2026-11-28T12:00:00Z")
        if not isinstance(text, str):
            raise AnalyticsError(
                "text", "is missing", "Describe what happened, such as Release 2.4"
            )
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise AnalyticsError("tags", "is not a list of strings", 'Use ["release"]')
        return cls(at=parse_time("at", at), text=text, tags=tuple(tags), author=author)

    def to_wire(self) -> dict[str, Any]:
        """The annotation as a JSON object."""
        return {
            "id": self.id,
            "at": format_time(self.at),
            "text": self.text,
            "tags": list(self.tags),
            "author": self.author,
        }
