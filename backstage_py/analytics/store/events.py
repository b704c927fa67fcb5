"""Reads and writes events; the only place that does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, cast

from sqlalchemy import ColumnElement, Engine, Insert, Row, Select, func, insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import Table

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from backstage_py.analytics.store.models import AnalyticsEventRow

_STREAM_ROWS = 1_000
_CURSOR_DIGITS = 18
_EVENTS = cast("Table", AnalyticsEventRow.__table__)  # pyright: ignore[reportAttributeAccessIssue]
_COLUMNS = _EVENTS.c
_ORDER_OF_CAPTURE = (_COLUMNS.timestamp, _COLUMNS.position)


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events, the newest first, and the cursor of the next page if there is one."""

    events: tuple[RecordedEvent, ...]
    next_cursor: str | None


class EventStore:
    """The record; usable from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._insert = _insert_new(engine)

    @classmethod
    def open(cls) -> Self:
        """The store of this process, its schema brought up to date.

        Raises:
            ConfigurationError: If `DATABASE_URL` is wrong.
        """
        engine = open_engine()
        migrate(engine)
        return cls(engine)

    def append(self, events: Sequence[RecordedEvent]) -> list[bool]:
        """Store events in one transaction; False for each whose id is there already.

        Raises:
            sqlalchemy.exc.OperationalError: If the database takes nothing now.
        """
        if not events:
            return []
        with self._engine.begin() as connection:
            rows = connection.execute(self._insert, [_to_row(event) for event in events])
            new_ids = set(rows.scalars())
        return [_take(new_ids, event.id) for event in events]

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
            cursor: Where the page before ended.
            limit: How many events at most.

        Raises:
            InvalidEventError: If the cursor is none.
        """
        equal = {"action": action, "plugin_id": plugin_id, "user": user, "session_id": session_id}
        wanted = [_COLUMNS[name] == value for name, value in equal.items() if value is not None]
        wanted += _captured(since, until)
        if cursor is not None:
            wanted.append(_COLUMNS.position < _parse_cursor(cursor))
        query = select(_EVENTS).where(*wanted).order_by(_COLUMNS.position.desc()).limit(limit + 1)
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        shown = rows[:limit]
        next_cursor = str(shown[-1].position) if len(rows) > limit else None
        return EventPage(tuple(_to_event(row) for row in shown), next_cursor)

    def stream(
        self,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        action: str | None = None,
    ) -> Iterator[RecordedEvent]:
        """All events that fit, in the order of their capture, a block at a time."""
        wanted = _captured(since, until)
        if action is not None:
            wanted.append(_COLUMNS.action == action)
        query = select(_EVENTS).where(*wanted).order_by(*_ORDER_OF_CAPTURE)
        last: Row[Any] | None = None
        while rows := self._block(query, last):
            yield from (_to_event(row) for row in rows)
            last = rows[-1]

    def count(self) -> int:
        """How many events there are."""
        with self._engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(_EVENTS)).scalar_one()

    def _block(self, query: Select[Any], last: Row[Any] | None) -> Sequence[Row[Any]]:
        if last is not None:
            query = query.where(tuple_(*_ORDER_OF_CAPTURE) > (last.timestamp, last.position))
        with self._engine.connect() as connection:
            return connection.execute(query.limit(_STREAM_ROWS)).all()


def _insert_new(engine: Engine) -> Insert:
    """An insert that leaves out ids that are there, and says which were not."""
    dialects = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    make = dialects.get(engine.dialect.name)
    if make is None:
        return insert(_EVENTS).returning(_COLUMNS.id)
    return make(_EVENTS).on_conflict_do_nothing(index_elements=["id"]).returning(_COLUMNS.id)


def _take(ids: set[str], id_: str) -> bool:
    """Whether the id is there; the second one of a batch finds it taken."""
    found = id_ in ids
    ids.discard(id_)
    return found


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


def _to_row(event: RecordedEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "action": event.action,
        "subject": event.subject,
        "value": event.value,
        "attributes": None if event.attributes is None else dict(event.attributes),
        "context": dict(event.context),
        "plugin_id": str(event.context.get("pluginId", "")),
        "extension": str(event.context.get("extension", "")),
        "route_ref": str(event.context.get("routeRef", "")),
        "timestamp": event.timestamp,
        "received_at": event.received_at,
        "session_id": event.session_id,
        "user": event.user,
        "origin": event.origin,
    }


def _to_event(row: Row[Any]) -> RecordedEvent:
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
    )
