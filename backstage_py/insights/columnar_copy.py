"""The interface of a columnar copy of the store."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from backstage_py.insights.dialects import Statement
from backstage_py.insights.events import Bounds, Engine
from backstage_py.insights.window import Window


@dataclass(frozen=True, slots=True)
class Freshness:
    """The sources of an answer's events: how many from the copy, how many from the store."""

    in_copy: int
    from_store: int
    copied_at: datetime | None


class FreshEngine(Engine, Protocol):
    """Queries the copy and the newest events of the store together."""

    def run(self, statement: Statement) -> list[dict[str, Any]]:
        """The rows of a statement."""
        ...

    def bounds(self) -> Bounds:
        """The span of all events."""
        ...

    def freshness(self) -> Freshness:
        """The current record to query."""
        ...

    def write_view(self, view: str, file: Path, window: Window) -> int:
        """Write a view of docs/insights-schema.md to a file; returns the number of rows.

        Raises:
            AnalyticsError: If the file's ending is unknown, or the copy has no views.
            OSError: If it cannot be written.
        """
        ...
