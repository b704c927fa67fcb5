"""The state of deliveries: the events each backend is owed, failed to take, or refused for good."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from backstage_py.analytics.event import format_time
from backstage_py.analytics.store.database import table_of
from backstage_py.analytics.store.engine import begin_writing
from backstage_py.analytics.store.models import AnalyticsEventRow, DeliveryCursorRow, DeliveryRow

_EVENTS = table_of(AnalyticsEventRow)
_CURSORS = table_of(DeliveryCursorRow)
_DELIVERIES = table_of(DeliveryRow)

WAITING_ROWS = 1_000


class DeliveryState(StrEnum):
    """The state of an event that a backend's cursor passed without delivery."""

    WAITING = "waiting"
    DEAD = "dead"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Missing:
    """The dead letters, and the events still to be delivered."""

    dead: int
    undelivered: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Failures without a success between them; `reason` is of the last one."""

    tries: int = 0
    failing_since: datetime | None = None
    retry_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a backend is: events above `position` are still owed."""

    position: int
    failure: Failure = Failure()


@dataclass(frozen=True, slots=True)
class PendingDelivery:
    """An event that a cursor passed without delivery."""

    backend: str
    position: int
    event_id: str
    session_id: str | None
    state: DeliveryState
    failure: Failure = Failure()

    def to_wire(self) -> dict[str, Any]:
        """The row as a JSON object."""
        failure = self.failure
        return {
            "backend": self.backend,
            "state": self.state.value,
            "id": self.event_id,
            "sessionId": self.session_id,
            "tries": failure.tries,
            "failingSince": _shown(failure.failing_since),
            "retryAt": _shown(failure.retry_at),
            "reason": failure.reason,
        }


@dataclass(frozen=True, slots=True)
class Backlog:
    """The state of a backend; `oldest_owed` is when its oldest undelivered event arrived."""

    backend: str
    cursor: Cursor
    owed: int
    waiting: int
    dead: int
    dropped: int
    oldest_owed: datetime | None

    def to_wire(self) -> dict[str, Any]:
        """The backlog as a JSON object."""
        failure = self.cursor.failure
        return {
            "backend": self.backend,
            "owed": self.owed,
            "waiting": self.waiting,
            "dead": self.dead,
            "dropped": self.dropped,
            "oldestOwed": _shown(self.oldest_owed),
            "tries": failure.tries,
            "retryAt": _shown(failure.retry_at),
            "reason": failure.reason,
        }


class DeliveryStore:
    """The state of deliveries; usable from any thread, and from several processes."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def register(self, backend: str) -> None:
        """Start owing a backend the events stored from now on, unless it is registered."""
        with begin_writing(self.engine) as connection:
            if _read_cursor(connection, backend) is None:
                last = connection.execute(select(func.max(_EVENTS.c.position))).scalar() or 0
                values = {"backend": backend, "position": last, **_failure_values(Failure())}
                connection.execute(insert(_CURSORS).values(values))

    def backends(self) -> list[str]:
        """All that have ever been registered."""
        with self.engine.connect() as connection:
            return list(
                connection.execute(select(_CURSORS.c.backend).order_by("backend")).scalars()
            )

    def cursor(self, backend: str) -> Cursor:
        """The cursor of a registered backend.

        Raises:
            LookupError: If it is not registered.
        """
        with self.engine.connect() as connection:
            cursor = _read_cursor(connection, backend)
        if cursor is None:
            raise LookupError(f"{backend} is not registered")
        return cursor

    def due(self, backend: str, now: datetime, limit: int = WAITING_ROWS) -> list[PendingDelivery]:
        """Waiting events that may be tried now, in storage order.

        Sessions in which one event has to wait longer are left out.
        """
        rows = _DELIVERIES.c
        waiting = _where(backend, DeliveryState.WAITING)
        resting = select(rows.session_id).where(
            *waiting, rows.retry_at > now, rows.session_id.is_not(None)
        )
        query = (
            select(_DELIVERIES)
            .where(*waiting, or_(rows.retry_at.is_(None), rows.retry_at <= now))
            .where(or_(rows.session_id.is_(None), rows.session_id.not_in(resting)))
            .order_by(rows.position)
            .limit(limit)
        )
        with self.engine.connect() as connection:
            return [_to_parked(row) for row in connection.execute(query)]

    def next_retry(self, backend: str) -> datetime | None:
        """When the next waiting event may be tried, or None."""
        query = select(func.min(_DELIVERIES.c.retry_at)).where(
            *_where(backend, DeliveryState.WAITING)
        )
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    def blocked_sessions(self, backend: str, session_ids: Iterable[str]) -> set[str]:
        """Those of these sessions that have a waiting event."""
        wanted = _DELIVERIES.c.session_id.in_(sorted(session_ids))
        query = select(_DELIVERIES.c.session_id).where(
            *_where(backend, DeliveryState.WAITING), wanted
        )
        with self.engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def settle(
        self,
        backend: str,
        *,
        cursor: Cursor | None = None,
        parked: Sequence[PendingDelivery] = (),
        delivered: Sequence[int] = (),
    ) -> None:
        """Record the outcome of a wave in one transaction.

        Args:
            backend: The backend's name.
            cursor: Where the cursor is now, if it moved or failed.
            parked: Events to park, or that are parked and have changed.
            delivered: Positions of parked events whose rows are no longer needed.
        """
        with begin_writing(self.engine) as connection:
            positions = [*delivered, *(one.position for one in parked)]
            if positions:
                here = _DELIVERIES.c.position.in_(positions)
                connection.execute(delete(_DELIVERIES).where(_is_of(backend), here))
            if parked:
                connection.execute(insert(_DELIVERIES), [_parked_values(one) for one in parked])
            if cursor is not None:
                values = {"position": cursor.position, **_failure_values(cursor.failure)}
                connection.execute(
                    update(_CURSORS).where(_CURSORS.c.backend == backend).values(values)
                )

    def list(
        self,
        *,
        backend: str | None = None,
        state: DeliveryState | None = None,
        limit: int = WAITING_ROWS,
    ) -> "list[PendingDelivery]":
        """Events that were not delivered, in the order in which they were stored."""
        query = select(_DELIVERIES).where(*_where(backend, state))
        query = query.order_by(_DELIVERIES.c.position, _DELIVERIES.c.backend).limit(limit)
        with self.engine.connect() as connection:
            return [_to_parked(row) for row in connection.execute(query)]

    def retry(self, *, backend: str | None = None, event_id: str | None = None) -> int:
        """Retry dead letters, and waiting events at once; returns how many dead letters.

        Their count of tries starts again at 0.
        """
        fresh = {"state": DeliveryState.WAITING.value, **_failure_values(Failure())}
        chosen = _chosen(backend, event_id)
        with begin_writing(self.engine) as connection:
            dead = _DELIVERIES.c.state == DeliveryState.DEAD.value
            count = connection.execute(
                update(_DELIVERIES).where(dead, *chosen).values(fresh)
            ).rowcount
            waiting = _DELIVERIES.c.state == DeliveryState.WAITING.value
            connection.execute(update(_DELIVERIES).where(waiting, *chosen).values(retry_at=None))
            if event_id is None:
                cursors = [_CURSORS.c.backend == backend] if backend else []
                connection.execute(update(_CURSORS).where(*cursors).values(retry_at=None))
        return count

    def purge(self, *, backend: str | None = None, event_id: str | None = None) -> int:
        """Delete dead letters and dropped events for good; returns how many."""
        final = _DELIVERIES.c.state.in_([DeliveryState.DEAD.value, DeliveryState.DROPPED.value])
        with begin_writing(self.engine) as connection:
            chosen = _chosen(backend, event_id)
            return connection.execute(delete(_DELIVERIES).where(final, *chosen)).rowcount

    def skip(self, backend: str) -> None:
        """Stop owing a backend the events stored so far."""
        with begin_writing(self.engine) as connection:
            last = connection.execute(select(func.max(_EVENTS.c.position))).scalar() or 0
            connection.execute(
                update(_CURSORS).where(_CURSORS.c.backend == backend).values(position=last)
            )

    def missing(self, since: datetime | None, until: datetime | None) -> "Missing":
        """The undelivered events among those captured in a period, counted for each backend."""
        captured = _captured(since, until)
        parked = select(_DELIVERIES.c.state, func.count()).join_from(
            _DELIVERIES, _EVENTS, _EVENTS.c.position == _DELIVERIES.c.position
        )
        with self.engine.connect() as connection:
            rows = connection.execute(parked.where(*captured).group_by(_DELIVERIES.c.state))
            counts: dict[str, int] = {row.state: row[1] for row in rows}
            owed = 0
            for position in connection.execute(select(_CURSORS.c.position)).scalars():
                above = select(func.count()).where(_EVENTS.c.position > position, *captured)
                owed += connection.execute(above).scalar_one()
        return Missing(
            counts.get(DeliveryState.DEAD, 0), counts.get(DeliveryState.WAITING, 0) + owed
        )

    def backlogs(self) -> "list[Backlog]":
        """The backlog of each backend."""
        with self.engine.connect() as connection:
            counts = _count_parked(connection)
            cursors = connection.execute(select(_CURSORS).order_by("backend")).all()
            return [_backlog(connection, row, counts) for row in cursors]


def _count_parked(connection: Connection) -> Mapping[tuple[str, str], int]:
    query = select(_DELIVERIES.c.backend, _DELIVERIES.c.state, func.count())
    rows = connection.execute(query.group_by(_DELIVERIES.c.backend, _DELIVERIES.c.state))
    return {(backend, state): count for backend, state, count in rows}


def _backlog(
    connection: Connection, row: Row[Any], counts: Mapping[tuple[str, str], int]
) -> Backlog:
    above = _EVENTS.c.position > row.position
    owed, next_ = connection.execute(
        select(func.count(), func.min(_EVENTS.c.position)).where(above)
    ).one()
    waiting = counts.get((row.backend, DeliveryState.WAITING), 0)
    if waiting:
        parked = select(func.min(_DELIVERIES.c.position)).where(
            *_where(row.backend, DeliveryState.WAITING)
        )
        next_ = connection.execute(parked).scalar()
    oldest = select(_EVENTS.c.received_at).where(_EVENTS.c.position == next_)
    return Backlog(
        backend=row.backend,
        cursor=_to_cursor(row),
        owed=owed,
        waiting=waiting,
        dead=counts.get((row.backend, DeliveryState.DEAD), 0),
        dropped=counts.get((row.backend, DeliveryState.DROPPED), 0),
        oldest_owed=connection.execute(oldest).scalar() if next_ is not None else None,
    )


def _read_cursor(connection: Connection, backend: str) -> Cursor | None:
    query = select(_CURSORS).where(_CURSORS.c.backend == backend)
    row = connection.execute(query).one_or_none()
    return None if row is None else _to_cursor(row)


def _is_of(backend: str) -> ColumnElement[bool]:
    return _DELIVERIES.c.backend == backend


def _where(backend: str | None, state: DeliveryState | None) -> "list[ColumnElement[bool]]":
    wanted = [] if backend is None else [_is_of(backend)]
    return wanted if state is None else [*wanted, _DELIVERIES.c.state == state.value]


def _captured(since: datetime | None, until: datetime | None) -> "list[ColumnElement[bool]]":
    wanted = [] if since is None else [_EVENTS.c.timestamp >= since]
    return wanted if until is None else [*wanted, _EVENTS.c.timestamp < until]


def _chosen(backend: str | None, event_id: str | None) -> "list[ColumnElement[bool]]":
    wanted = _where(backend, None)
    return wanted if event_id is None else [*wanted, _DELIVERIES.c.event_id == event_id]


def _to_cursor(row: Row[Any]) -> Cursor:
    return Cursor(row.position, _to_failure(row))


def _to_parked(row: Row[Any]) -> PendingDelivery:
    return PendingDelivery(
        backend=row.backend,
        position=row.position,
        event_id=row.event_id,
        session_id=row.session_id,
        state=DeliveryState(row.state),
        failure=_to_failure(row),
    )


def _to_failure(row: Row[Any]) -> Failure:
    return Failure(row.tries, row.failing_since, row.retry_at, row.reason)


def _parked_values(parked: PendingDelivery) -> dict[str, Any]:
    return {
        "backend": parked.backend,
        "position": parked.position,
        "event_id": parked.event_id,
        "session_id": parked.session_id,
        "state": parked.state.value,
        **_failure_values(parked.failure),
    }


def _failure_values(failure: Failure) -> dict[str, Any]:
    return {
        "tries": failure.tries,
        "failing_since": failure.failing_since,
        "retry_at": failure.retry_at,
        "reason": failure.reason,
    }


def _shown(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)
