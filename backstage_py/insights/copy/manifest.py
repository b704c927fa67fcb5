"""The list of the copy's parts; replaced in one step, so that no change is half visible."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

FORMAT = 4
"""The format of the parts; a copy of another format is rebuilt."""
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A file with the events of the positions from `low` to `high`.

    `skipped` is the number of the store's unreadable rows among them.
    """

    file: str
    low: int
    high: int
    rows: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parts in the order of their positions; all up to `position` is in them.

    `codes` are the last ones given in each dictionary. `cleanings` counts how often rows were
    removed, and possibly words that must not be cached.
    """

    position: int = 0
    parts: tuple[Part, ...] = ()
    codes: Mapping[str, int] = field(default_factory=dict)
    cleanings: int = 0
    copied_at: str | None = None

    @property
    def rows(self) -> int:
        """The number of events."""
        return sum(part.rows for part in self.parts)

    @property
    def counted(self) -> int:
        """The number of the store's rows that the parts cover."""
        return sum(part.rows + part.skipped for part in self.parts)

    @property
    def copied(self) -> datetime | None:
        """When it was last written."""
        return None if self.copied_at is None else datetime.fromisoformat(self.copied_at)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read the manifest of a folder; an empty one if there is none that we can read."""
        try:
            values: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
            if values.pop("format", None) != FORMAT:
                return cls()
            parts = tuple(Part(**part) for part in values.pop("parts"))
            return cls(parts=parts, **values)
        except (OSError, ValueError, TypeError, KeyError):
            return cls()

    def write(self, folder: Path) -> None:
        """Replace the previous manifest, durably."""
        text = json.dumps({"format": FORMAT, **asdict(self)})
        draft = folder / f"{NAME}.new"
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / NAME)
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
