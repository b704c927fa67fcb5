"""Keeps the table in ClickHouse like the store: takes in what is new, takes out what is gone.

One process of all does it, the holder of a lock. The cursor is the greatest position that the
table has; each block is taken in as a whole, and again without harm, so that a process may be
killed anywhere, and ClickHouse may be away for a while.
"""

import logging
import threading
from collections.abc import Iterable, Sequence

from backstage_py.analytics import Clock, EventStore, ProcessLock, utc_now
from backstage_py.insights.buckets import to_moment
from backstage_py.insights.clickhouse.requests import Requests
from backstage_py.insights.clickhouse.table import EventTable, Server
from backstage_py.insights.store_rows import CHECKED_POSITIONS, StoreRows

_logger = logging.getLogger(__name__)

BLOCK_EVENTS = 50_000
"""So many events are taken in at once."""
_READ_AT_ONCE = 500


class ClickHouseKeeper:
    """Does its work in steps, each of which may be broken off; usable from any thread.

    All methods raise ClickHouseError if ClickHouse does not do its part; the next step goes on.
    """

    def __init__(
        self, store: EventStore, server: Server, table: str, *, clock: Clock = utc_now
    ) -> None:
        self._store = store
        self._rows = StoreRows(store.engine)
        self._server = server
        self._table = EventTable(server, table)
        self._requests = Requests(server, table)
        self._clock = clock
        self._lock = ProcessLock(store.engine, "insights-copy")
        self._is_known = False
        self._turn = threading.RLock()

    def step(self) -> bool:
        """Take in what is new and do what others asked for; whether this process may."""
        with self._turn:
            if not self._begin():
                return False
            self._answer_requests()
            self._take_in(self._table)
            return True

    def reconcile(self) -> int | None:
        """Make the table have the rows of the store; how many were taken out.

        None if another process has to: it does it within seconds.
        """
        with self._turn:
            if not self._begin():
                self._requests.add({"reconcile": True})
                return None
            return self._reconcile()

    def agrees(self) -> bool:
        """Whether the table stands for as many rows as the store has up to its position."""
        return self._rows.count(self._table.position()) == self._table.count()

    def refresh(self, ids: Iterable[str]) -> bool:
        """Make events like the store has them now, or drop them; whether it is done already.

        Else the process that keeps the copy does it within seconds.
        """
        with self._turn:
            ids = sorted(set(ids))
            if not self._begin():
                self._requests.add({"ids": ids})
                return False
            self._refresh(ids)
            return True

    def rebuild(self) -> bool:
        """Build the table anew while the old one serves; whether it is done already."""
        with self._turn:
            if not self._begin():
                self._requests.add({"rebuild": True})
                return False
            self._rebuild()
            return True

    def close(self) -> None:
        """Let another process keep the copy."""
        self._lock.release()
        self._is_known = False

    def _begin(self) -> bool:
        self._requests.create()
        if not self._lock.acquire():
            return False
        self._table.create()
        if not self._is_known:
            if not self._is_of_this_store():
                _logger.warning("The table %s is of another database: built anew", self._table.name)
                self._rebuild()
            self._is_known = True
        return True

    def _is_of_this_store(self) -> bool:
        """Whether it has our columns, and at the store's oldest position the same event."""
        if not self._table.has_our_format():
            return False
        position, oldest = self._table.position(), self._rows.oldest()
        if not position or oldest is None:
            return not position
        return self._table.id_at(oldest[0]) in {None, oldest[1]}

    def _take_in(self, table: EventTable) -> None:
        position = table.position()
        now = self._now()
        while stored := self._store.after(position, BLOCK_EVENTS):
            table.insert(stored, now)
            position, now = stored[-1].position, self._now()

    def _rebuild(self) -> None:
        new = EventTable(self._server, f"{self._table.name}_new")
        new.drop()
        new.create()
        self._take_in(new)
        self._table.replace_by(new)

    def _reconcile(self) -> int:
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

    def _refresh(self, ids: Sequence[str]) -> None:
        now = self._later()
        positions = set(self._table.find(ids))
        stored = self._take_in_at(sorted(positions), now)
        self._table.delete(positions - stored)
        self._table.delete(stored, before=now)

    def _take_in_at(self, positions: Sequence[int], now: int) -> set[int]:
        """Take in what the store has at these positions; gives those where it has something."""
        taken: set[int] = set()
        for start in range(0, len(positions), _READ_AT_ONCE):
            if stored := self._store.at(positions[start : start + _READ_AT_ONCE]):
                self._table.insert(stored, now)
                taken |= {one.position for one in stored}
        return taken

    def _answer_requests(self) -> None:
        for id_, request in self._requests.read().items():
            if request.get("rebuild"):
                self._rebuild()
            elif request.get("reconcile"):
                self._reconcile()
            else:
                self._refresh(request.get("ids", []))
            self._requests.remove(id_)

    def _later(self) -> int:
        """A moment after that of every row, even one that came of a clock which is ahead."""
        return max(self._now(), self._table.last_copied_at() + 1)

    def _now(self) -> int:
        return to_moment(self._clock())
