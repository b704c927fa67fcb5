"""What a columnar copy of the store has to offer: kept like the store, and asked."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from backstage_py.insights.dialects import Statement
from backstage_py.insights.directory import Directory
from backstage_py.insights.events import Bounds, Engine


@dataclass(frozen=True, slots=True)
class Freshness:
    """Where the events come from: how many from the copy, how many from the store."""

    in_copy: int
    from_store: int
    copied_at: datetime | None


class FreshEngine(Engine, Protocol):
    """Asks the copy and the newest events of the store as one."""

    def run(self, statement: Statement) -> list[dict[str, Any]]:
        """The rows of a statement."""
        ...

    def bounds(self) -> Bounds:
        """The span of all events."""
        ...

    def freshness(self) -> Freshness:
        """What is asked now."""
        ...


class ColumnarCopy(Protocol):
    """A copy; usable from any thread.

    One process of all keeps it. The others may ask it, and ask for what only that one does:
    then it is done within seconds.
    """

    def fresh(self, directory: Directory) -> AbstractContextManager[FreshEngine]:
        """A while in which it can be asked by this thread."""
        ...

    def position(self) -> int:
        """All that the store had up to there is in it."""
        ...

    def step(self, *, at_once: bool = False) -> bool:
        """Take in what is new and do what others asked for; whether this process may.

        Args:
            at_once: Take in new events however few they are.
        """
        ...

    def reconcile(self) -> int | None:
        """Take out what is gone from the store; how many, or None if another process has to."""
        ...

    def agrees(self) -> bool:
        """Whether it stands for as many rows as the store has up to its position."""
        ...

    def refresh(self, ids: Iterable[str]) -> bool:
        """Make events like the store has them now, or drop them; whether it is done already."""
        ...

    def rebuild(self) -> bool:
        """Build it anew while the old one serves; whether it is done already."""
        ...

    def close(self) -> None:
        """Let another process keep it, and let go of what is open."""
        ...
