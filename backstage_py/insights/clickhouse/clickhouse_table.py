"""The copy in a table of ClickHouse.

The cursor is the greatest position that the table has; each block is inserted as a whole and may be
inserted again, so that a process may be killed anywhere, and ClickHouse may be unavailable for a
while.
"""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from backstage_py.analytics import (
    AnalyticsError,
    Clock,
    EventStore,
    ProcessLock,
    StoredEvent,
    utc_now,
)
from backstage_py.insights.buckets import to_moment
from backstage_py.insights.clickhouse.engine import ClickHouseEngine
from backstage_py.insights.clickhouse.requests import TableRequests
from backstage_py.insights.clickhouse.server import ClickHouseServer
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from backstage_py.insights.clickhouse.table import EventTable
from backstage_py.insights.copy.staging import to_table
from backstage_py.insights.directory import Directory
from backstage_py.insights.store_rows import CHECKED_POSITIONS, StoreRows

BLOCK_EVENTS = 50_000
"""The number of events per insert."""
MOST_SENT_EVENTS = 100_000
"""The maximum number of events sent with a question; if the copy lacks more, it must catch up."""
_READ_AT_ONCE = 500


class ClickHouseTable:
    """See `CopyTable`; all methods raise ClickHouseError if ClickHouse fails."""

    def __init__(
        self, store: EventStore, settings: ClickHouseSettings, *, clock: Clock = utc_now
    ) -> None:
        self._store = store
        self._rows = StoreRows(store.engine)
        self._server = ClickHouseServer(settings)
        self._table = EventTable(self._server, settings.table)
        self._clock = clock
        self._is_there = False
        self.name = settings.table
        self.requests = TableRequests(self._server, settings.table)
        self.lock = ProcessLock(store.engine, "insights-copy")  # one table for all nodes

    @contextmanager
    def fresh(self, directory: Directory) -> Generator[ClickHouseEngine]:
        """See `CopyTable`.

        Raises:
            AnalyticsError: If the copy is too far behind, or ClickHouse does not answer.
        """
        position = self.position()
        newest = to_table(self._newest(position))
        yield ClickHouseEngine(self._table, directory, position, newest)

    def reread(self) -> None:
        """See `CopyTable`; nothing is cached between two questions."""

    def position(self) -> int:
        """See `CopyTable`."""
        if not self._is_there:
            self._table.create()
            self._is_there = True
        return self._table.position()

    def agrees(self) -> bool:
        """See `CopyTable`."""
        return self._rows.count(self._table.position()) == self._table.count()

    def prepare(self) -> None:
        """See `CopyTable`."""
        self.requests.create()
        self._table.create()

    def close(self) -> None:
        """See `CopyTable`."""
        self._server.close()

    def is_of_this_store(self) -> bool:
        """See `CopyTable`: our columns, and the same event at the store's oldest position."""
        if not self._table.has_our_format():
            return False
        position, oldest = self._table.position(), self._rows.oldest()
        if not position or oldest is None:
            return not position
        return self._table.id_at(oldest[0]) in {None, oldest[1]}

    def take_in(self, *, at_once: bool) -> None:
        """See `CopyTable`; ClickHouse merges small blocks itself, so nothing waits."""
        del at_once
        self._take_in(self._table)

    def _take_in(self, table: EventTable) -> None:
        position = table.position()
        now = self._now()
        while stored := self._store.after(position, BLOCK_EVENTS):
            table.insert(stored, now)
            position, now = stored[-1].position, self._now()

    def rebuild(self) -> None:
        """See `CopyTable`; the new table takes the place of the old one in one step."""
        new = EventTable(self._server, f"{self._table.name}_new")
        new.drop()
        new.create()
        self._take_in(new)
        self._table.replace_by(new)

    def reconcile(self) -> int:
        """See `CopyTable`; events missing from the table are added too."""
        if self.agrees():
            return 0
        last = self._table.position()
        theirs = self._rows.count_blocks(last)
        ours = self._table.count_blocks(CHECKED_POSITIONS)
        gone: set[int] = set()
        lacking: set[int] = set()
        for block in ours.keys() | theirs.keys():
            if ours.get(block, 0) == theirs.get(block, 0):
                continue
            first = block * CHECKED_POSITIONS
            span = first, min(first + CHECKED_POSITIONS, last + 1)
            stored, copied = self._rows.positions(*span), self._table.positions(*span)
            gone |= copied - stored
            lacking |= stored - copied
        self._take_in_at(sorted(lacking), self._later())
        self._table.delete(gone)
        return len(gone)

    def refresh(self, ids: Sequence[str]) -> None:
        """See `CopyTable`.

        The new rows are inserted before the old ones are deleted by age: a query in between sees
        each event once, since the later of two rows with the same position counts.
        """
        now = self._later()
        positions = set(self._table.find(ids))
        stored = self._take_in_at(sorted(positions), now)
        self._table.delete(positions - stored)
        self._table.delete(stored, before=now)

    def _take_in_at(self, positions: Sequence[int], now: int) -> set[int]:
        """Insert the store's events at these positions; returns the positions that have one."""
        taken: set[int] = set()
        for start in range(0, len(positions), _READ_AT_ONCE):
            if stored := self._store.at(positions[start : start + _READ_AT_ONCE]):
                self._table.insert(stored, now)
                taken |= {one.position for one in stored}
        return taken

    def _later(self) -> int:
        """A time after that of every row, even of rows from a clock that is ahead."""
        return max(self._now(), self._table.last_copied_at() + 1)

    def _now(self) -> int:
        return to_moment(self._clock())

    def _newest(self, position: int) -> list[StoredEvent]:
        newest = self._store.after(position, MOST_SENT_EVENTS + 1)
        if len(newest) > MOST_SENT_EVENTS:
            problem = f"lacks more than {MOST_SENT_EVENTS:,} events of the store"
            raise AnalyticsError("The copy in ClickHouse", problem, "Try again when it has them")
        return newest
