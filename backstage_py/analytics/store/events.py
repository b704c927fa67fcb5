"""Reads and writes events; the only place that does."""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from itertools import chain
from typing import Any, Self

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, delete, func, select, tuple_
from sqlalchemy.engine import Dialect

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import AnalyticsEvent, RecordedEvent, extension_of, lower_ref
from backstage_py.analytics.store.database import table_of
from backstage_py.analytics.store.engine import begin_writing, open_engine
from backstage_py.analytics.store.migrate import migrate
from backstage_py.analytics.store.models import (
    AnalyticsEventRow,
    DeliveryRow,
    bind_json,
    bind_number,
    bind_time,
)

_logger = logging.getLogger(__name__)

_STREAM_ROWS = 1_000
_QUESTION_IDS = 500
_INSERTED_AT_ONCE = (500, 100, 20, 5, 1)
_CURSOR_DIGITS = 18
_EVENTS = table_of(AnalyticsEventRow)
_COLUMNS = _EVENTS.c
_DELIVERIES = table_of(DeliveryRow)
_ORDER_OF_CAPTURE = (_COLUMNS.timestamp, _COLUMNS.position)


class Stored(Enum):
    """The outcome of storing an event."""

    NEW = "new"
    DUPLICATE = "duplicate"
    ID_TAKEN = "id taken"
    """Its id belongs to another event."""


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event at its place in the store; None where the row cannot be read."""

    position: int
    id: str
    event: RecordedEvent | None


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, the newest first, and the cursor of the next page if there is one."""

    events: tuple[RecordedEvent, ...]
    next_cursor: str | None


class EventStore:
    """The record; usable from any thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls) -> Self:
        """The store of this process, its schema brought up to date.

        Raises:
            ConfigurationError: If `DATABASE_URL` is wrong.
            sqlalchemy.exc.SQLAlchemyError: If the database cannot be reached or written.
        """
        engine = open_engine()
        migrate(engine)
        return cls(engine)

    def append(self, events: Sequence[RecordedEvent]) -> list[Stored]:
        """Store events in one transaction, each id once.

        Raises:
            sqlalchemy.exc.DBAPIError: If the database does not take them; nothing is
                stored then.
        """
        if not events:
            return []
        rows = _to_rows(events, self.engine.dialect)
        with begin_writing(self.engine) as connection:
            inserted = self._insert(connection, rows)
            if inserted == len(events):
                return [Stored.NEW] * len(events)
            new = _newest_ids(connection, inserted)
            known = _read_known(connection, [event for event in events if event.id not in new])
        return [_outcome(event, new, known) for event in events]

    def has_sessions(self, prefix: str) -> bool:
        """Whether there are events of a session whose id begins with this text."""
        begins_so = _COLUMNS.session_id.startswith(prefix, autoescape=True)
        query = select(_COLUMNS.position).where(begins_so).limit(1)
        with self.engine.connect() as connection:
            return connection.execute(query).first() is not None

    def delete_sessions(self, prefix: str) -> int:
        """Delete the events of sessions with this prefix, and what backends are owed of them.

        Returns how many events there were.
        """
        events, owed = (
            delete(table).where(table.c.session_id.startswith(prefix, autoescape=True))
            for table in (_EVENTS, _DELIVERIES)
        )
        with begin_writing(self.engine) as connection:
            connection.execute(owed)
            return connection.execute(events).rowcount

    def after(self, position: int, limit: int) -> list[StoredEvent]:
        """The events stored after a position, in storage order."""
        query = select(_EVENTS).where(_COLUMNS.position > position)
        return self._stored(query.order_by(_COLUMNS.position).limit(limit))

    def at(self, positions: Sequence[int]) -> list[StoredEvent]:
        """The events at these positions that still exist, in order."""
        query = select(_EVENTS).where(_COLUMNS.position.in_(positions))
        return self._stored(query.order_by(_COLUMNS.position))

    def users_of_sessions(self, session_ids: Collection[str]) -> dict[str, str]:
        """The user of each of these sessions, by session id, if it had exactly one."""
        if not session_ids:
            return {}
        query = (
            select(_COLUMNS.session_id, func.min(_COLUMNS.user).label("user"))
            .where(_COLUMNS.session_id.in_(sorted(session_ids)), _COLUMNS.user.is_not(None))
            .group_by(_COLUMNS.session_id)
            .having(func.min(_COLUMNS.user) == func.max(_COLUMNS.user))
        )
        with self.engine.connect() as connection:
            return {row.session_id: row.user for row in connection.execute(query)}

    def last_position(self) -> int:
        """The position of the newest event; 0 in an empty store."""
        with self.engine.connect() as connection:
            return connection.execute(select(func.max(_COLUMNS.position))).scalar() or 0

    def read(
        self,
        *,
        action: str | None = None,
        plugin_id: str | None = None,
        user: str | None = None,
        session_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> EventPage:
        """Read events, the newest first.

        Args:
            action: Only this action; the other filters likewise.
            plugin_id: `pluginId` of the context.
            user: The user's entity ref.
            session_id: The visit.
            since: Captured then or later.
            until: Captured before.
            cursor: The cursor that the previous page returned.
            limit: How many events at most.

        Raises:
            InvalidEventError: If the cursor is invalid.
        """
        equal = {"action": action, "plugin_id": plugin_id, "user": lower_ref(user)}
        equal["session_id"] = session_id
        wanted = [_COLUMNS[name] == value for name, value in equal.items() if value is not None]
        wanted += _captured(since, until)
        if cursor is not None:
            wanted.append(_COLUMNS.position < _parse_cursor(cursor))
        query = select(_EVENTS).where(*wanted).order_by(_COLUMNS.position.desc()).limit(limit + 1)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        shown = rows[:limit]
        next_cursor = str(shown[-1].position) if len(rows) > limit else None
        return EventPage(tuple(_readable(shown)), next_cursor)

    def stream(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        action: str | None = None,
    ) -> Iterator[RecordedEvent]:
        """All matching events, in capture order, a block at a time."""
        wanted = _captured(since, until)
        if action is not None:
            wanted.append(_COLUMNS.action == action)
        query = select(_EVENTS).where(*wanted).order_by(*_ORDER_OF_CAPTURE)
        last: Row[Any] | None = None
        while rows := self._block(query, last):
            yield from _readable(rows)
            last = rows[-1]

    def count(self) -> int:
        """The number of events."""
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(_EVENTS)).scalar_one()

    def _insert(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """Insert the rows with new ids; returns how many."""
        inserted = start = 0
        for size in _INSERTED_AT_ONCE:
            while len(rows) - start >= size:
                values = tuple(chain.from_iterable(rows[start : start + size]))
                statement = _insert_new(self.engine.dialect.paramstyle, size)
                inserted += connection.exec_driver_sql(statement, values).rowcount
                start += size
        return inserted

    def _stored(self, query: Select[Any]) -> list[StoredEvent]:
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return [StoredEvent(row.position, row.id, _try_to_event(row)) for row in rows]

    def _block(self, query: Select[Any], last: Row[Any] | None) -> Sequence[Row[Any]]:
        if last is not None:
            query = query.where(tuple_(*_ORDER_OF_CAPTURE) > (last.timestamp, last.position))
        with self.engine.connect() as connection:
            return connection.execute(query.limit(_STREAM_ROWS)).all()


_INSERTED = (
    *("id", "action", "subject", "value", "attributes", "context"),
    *("plugin_id", "extension", "route_ref", "timestamp", "received_at"),
    *("session_id", "user", "origin", "app_version"),
)


@cache
def _insert_new(paramstyle: str, rows: int) -> str:
    """An insert for the driver itself, which skips existing ids.

    One statement for many rows, since SQLite's driver gives up the interpreter's lock at each
    and has to wait for it again.
    """
    columns = ", ".join(f'"{name}"' for name in _INSERTED)
    mark = "?" if paramstyle == "qmark" else "%s"
    row = f"({', '.join([mark] * len(_INSERTED))})"
    into = f"INTO {_EVENTS.name} ({columns}) VALUES {', '.join([row] * rows)}"
    return f"INSERT {into} ON CONFLICT (id) DO NOTHING"


def _newest_ids(connection: Connection, count: int) -> set[str]:
    """The ids stored last: only one transaction writes at a time."""
    query = select(_COLUMNS.id).order_by(_COLUMNS.position.desc()).limit(count)
    return set(connection.execute(query).scalars())


def _read_known(
    connection: Connection, events: Sequence[RecordedEvent]
) -> dict[str, RecordedEvent | None]:
    """The stored events with the ids of those that were not inserted."""
    known: dict[str, RecordedEvent | None] = {}
    ids = [event.id for event in events]
    for start in range(0, len(ids), _QUESTION_IDS):
        wanted = ids[start : start + _QUESTION_IDS]
        rows = connection.execute(select(_EVENTS).where(_COLUMNS.id.in_(wanted)))
        known |= {row.id: _try_to_event(row) for row in rows}
    return known


def _outcome(event: RecordedEvent, new: set[str], known: dict[str, RecordedEvent | None]) -> Stored:
    """The first event of a new id is the one that was stored."""
    if event.id in new:
        new.discard(event.id)
        known[event.id] = event
        return Stored.NEW
    stored = known[event.id]
    return Stored.DUPLICATE if stored and _is_same(event, stored) else Stored.ID_TAKEN


def _is_same(event: RecordedEvent, stored: RecordedEvent) -> bool:
    """Whether it is the same capture; its time may have been corrected differently."""
    return AnalyticsEvent.to_wire(event) == AnalyticsEvent.to_wire(stored)


def _captured(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if since is not None:
        wanted.append(_COLUMNS.timestamp >= since)
    if until is not None:
        wanted.append(_COLUMNS.timestamp < until)
    return wanted


def _parse_cursor(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > _CURSOR_DIGITS:
        raise InvalidEventError("cursor", f"is {cursor[:60]!r}", "Use a nextCursor of an answer")
    return int(cursor)


def _to_rows(events: Sequence[RecordedEvent], dialect: Dialect) -> list[tuple[Any, ...]]:
    """The values of `_INSERTED`; events of a batch were all received at one moment."""
    received = {
        moment: bind_time(moment, dialect) for moment in {event.received_at for event in events}
    }
    return [
        (
            event.id,
            event.action,
            event.subject,
            bind_number(event.value, dialect),
            bind_json(event.attributes),
            bind_json(event.context),
            str(event.context.get("pluginId", "")),
            extension_of(event.context),
            str(event.context.get("routeRef", "")),
            bind_time(event.timestamp, dialect),
            received[event.received_at],
            event.session_id,
            event.user,
            event.origin,
            event.app_version,
        )
        for event in events
    ]


def _readable(rows: Sequence[Row[Any]]) -> Iterator[RecordedEvent]:
    """The events of rows; a broken one affects no others."""
    return (event for row in rows if (event := _try_to_event(row)))


def _try_to_event(row: Row[Any]) -> RecordedEvent | None:
    try:
        return _to_event(row)
    except (InvalidEventError, TypeError, AttributeError):
        _logger.exception("Row %s of analytics_event is broken and left out", row.position)
        return None


def _to_event(row: Row[Any]) -> RecordedEvent:
    for name in ("timestamp", "received_at"):
        if not isinstance(getattr(row, name), datetime):
            raise InvalidEventError(name, "is not a time", "Fix or delete the row")
    return RecordedEvent(
        action=row.action,
        subject=row.subject,
        value=row.value,
        attributes=row.attributes,
        context=row.context,
        id=row.id,
        timestamp=row.timestamp,
        received_at=row.received_at,
        session_id=row.session_id,
        user=row.user,
        origin=row.origin,
        app_version=row.app_version,
    )
