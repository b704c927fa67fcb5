"""Counts of events that were not accepted, which have no rows in the record."""

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics.store.database import table_of
from backstage_py.analytics.store.engine import begin_writing
from backstage_py.analytics.store.models import TallyRow

_logger = logging.getLogger(__name__)
_TALLIES = table_of(TallyRow)

SLOT_SECONDS = 900
"""A quarter of an hour: days begin with one in every time zone."""


class Tally(StrEnum):
    """Why events are not in the record."""

    REJECTED = "rejected"
    DROPPED = "dropped_in_browser"
    ROBOTS = "robots"


class Tallies:
    """The tallies of all processes; usable from any thread.

    Counts are kept in memory; `write` stores those since the last time.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._lock = threading.Lock()
        self._counted: Counter[tuple[int, Tally]] = Counter()

    def count(self, tally: Tally, events: int, at: datetime) -> None:
        """Count events."""
        if events:
            with self._lock:
                self._counted[int(at.timestamp()) // SLOT_SECONDS, tally] += events

    def write(self) -> None:
        """Store what was counted; if the database accepts nothing now, the next call does."""
        with self._lock:
            counted, self._counted = self._counted, Counter()
        if not counted:
            return
        try:
            self._add(counted)
        except SQLAlchemyError as error:
            _logger.warning("Tallies wait: %s", error)
            with self._lock:
                self._counted += counted

    def between(self, since: datetime | None, until: datetime | None) -> dict[Tally, int]:
        """The sums for a period, in whole quarters of an hour; None leaves that end open."""
        slot = _TALLIES.c.slot
        wanted = [] if since is None else [slot >= int(since.timestamp()) // SLOT_SECONDS]
        if until is not None:
            wanted.append(slot < -(-int(until.timestamp()) // SLOT_SECONDS))
        query = select(_TALLIES.c.name, func.sum(_TALLIES.c.count)).where(*wanted)
        with self.engine.connect() as connection:
            rows = connection.execute(query.group_by(_TALLIES.c.name)).all()
        return {**dict.fromkeys(Tally, 0), **{Tally(name): int(total) for name, total in rows}}

    def _add(self, counted: Mapping[tuple[int, Tally], int]) -> None:
        columns = _TALLIES.c
        with begin_writing(self.engine) as connection:
            for (slot, tally), events in sorted(counted.items()):
                row = (columns.slot == slot, columns.name == tally.value)
                more = update(_TALLIES).where(*row).values(count=columns.count + events)
                if not connection.execute(more).rowcount:
                    new = insert(_TALLIES).values(slot=slot, name=tally.value, count=events)
                    connection.execute(new)
