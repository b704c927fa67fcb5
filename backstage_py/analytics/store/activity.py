"""Counts recorded events by their place, to check the instrumentation.

Sample data is left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, String, func, or_, select
from sqlalchemy import cast as as_type

from backstage_py.analytics.store.database import table_of
from backstage_py.analytics.store.events import EventStore
from backstage_py.analytics.store.models import AnalyticsEventRow
from backstage_py.analytics.store.sample import is_sample, sample_session

_EVENTS = table_of(AnalyticsEventRow)
_COLUMNS = _EVENTS.c
_PLACE = (_COLUMNS.action, _COLUMNS.plugin_id, _COLUMNS.extension, _COLUMNS.route_ref)
_IS_REAL = or_(
    _COLUMNS.session_id.is_(None),
    ~_COLUMNS.session_id.startswith(sample_session(), autoescape=True),
)
_SUBJECTS_AT_ONCE = 300
_DATE_CHARACTERS = 10


@dataclass(frozen=True, slots=True)
class Heard:
    """The events received from one place, of all subjects or of one."""

    action: str
    plugin_id: str
    extension: str
    route_ref: str
    subject: str | None
    count: int
    last_seen: datetime


class Activity:
    """Queries of the store; each reads the window's events once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def places(self, since: datetime) -> list[Heard]:
        """The events captured since then, by action and place."""
        query = select(*_PLACE, func.count().label("count"), func.max(_COLUMNS.timestamp))
        query = query.where(_COLUMNS.timestamp >= since, _IS_REAL).group_by(*_PLACE)
        with self.engine.connect() as connection:
            return [_heard(row, None) for row in connection.execute(query)]

    def subjects(self, since: datetime, subjects: Collection[str]) -> list[Heard]:
        """The same for these subjects, by subject too."""
        wanted, found = sorted(subjects), list[Heard]()
        parts = (*_PLACE, _COLUMNS.subject)
        for start in range(0, len(wanted), _SUBJECTS_AT_ONCE):
            some = wanted[start : start + _SUBJECTS_AT_ONCE]
            query = select(*_PLACE, func.count(), func.max(_COLUMNS.timestamp), _COLUMNS.subject)
            query = query.where(_COLUMNS.timestamp >= since, _COLUMNS.subject.in_(some), _IS_REAL)
            with self.engine.connect() as connection:
                rows = connection.execute(query.group_by(*parts)).all()
            found += [_heard(row, row.subject) for row in rows]
        return found

    def daily(self, since: datetime, until: datetime) -> dict[str, dict[date, int]]:
        """The number of events of each action captured on each UTC day."""
        day = self._day().label("day")
        query = select(_COLUMNS.action, day, func.count())
        query = query.where(_COLUMNS.timestamp >= since, _COLUMNS.timestamp < until, _IS_REAL)
        counts: dict[str, dict[date, int]] = {}
        with self.engine.connect() as connection:
            for action, text, count in connection.execute(query.group_by(_COLUMNS.action, day)):
                counts.setdefault(action, {})[date.fromisoformat(text)] = count
        return counts

    def newest(self, limit: int) -> Sequence[Any]:
        """The newest events, without those that cannot be read."""
        store = EventStore(self.engine)
        last = store.last_position()
        newest = (one.event for one in store.after(max(0, last - limit), limit))
        return [event for event in newest if event and not is_sample(event.session_id)]

    def _day(self) -> ColumnElement[str]:
        if self.engine.dialect.name == "sqlite":
            return func.substr(as_type(_COLUMNS.timestamp, String), 1, _DATE_CHARACTERS)
        return func.to_char(func.timezone("UTC", _COLUMNS.timestamp), "YYYY-MM-DD")


def _heard(row: Sequence[Any], subject: str | None) -> Heard:
    action, plugin_id, extension, route_ref, count, last_seen, *_ = row
    return Heard(action, plugin_id, extension, route_ref, subject, count, last_seen)
