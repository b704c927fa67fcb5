"""The erasures of users, and the part that each backend still has to do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)

from backstage_py.analytics.event import format_time
from backstage_py.analytics.store.database import table_of
from backstage_py.analytics.store.deletions import Deletion, delete_events
from backstage_py.analytics.store.deliveries import DeliveryState, Failure
from backstage_py.analytics.store.engine import begin_writing
from backstage_py.analytics.store.models import (
    AnalyticsEventRow,
    DeliveryCursorRow,
    DeliveryRow,
    ErasureRow,
    ErasureTaskRow,
)

_EVENTS = table_of(AnalyticsEventRow)
_ERASURES = table_of(ErasureRow)
_TASKS = table_of(ErasureTaskRow)
_CURSORS = table_of(DeliveryCursorRow)
_DELIVERIES = table_of(DeliveryRow)
_PERSONS_AT_ONCE = 500


class ErasureState(StrEnum):
    """The state of a backend's part of an erasure."""

    WAITING = "waiting"
    DONE = "done"
    UNKNOWN = "unknown"
    """The backend is not told who users are."""
    IMPOSSIBLE = "impossible"
    """The backend cannot erase, or refuses to."""


@dataclass(frozen=True, slots=True)
class ErasureTask:
    """A backend's part of an erasure, and its state."""

    erasure: str
    backend: str
    state: ErasureState
    user_id: str | None = None
    failure: Failure = field(default_factory=Failure)

    def to_wire(self) -> dict[str, Any]:
        """The task as a JSON object, without the user's id."""
        failure = self.failure
        return {
            "erasure": self.erasure,
            "backend": self.backend,
            "state": self.state.value,
            "tries": failure.tries,
            "retryAt": None if failure.retry_at is None else format_time(failure.retry_at),
            "reason": failure.reason,
        }


@dataclass(frozen=True, slots=True)
class Erasure:
    """The audit's row: when someone was erased, and how much."""

    id: str
    person: str
    erased_at: datetime
    events: int
    undelivered: int
    tasks: tuple[ErasureTask, ...] = ()

    def to_wire(self) -> dict[str, Any]:
        """The erasure as a JSON object."""
        return {
            "id": self.id,
            "person": self.person,
            "erasedAt": format_time(self.erased_at),
            "events": self.events,
            "undelivered": self.undelivered,
            "backends": [task.to_wire() for task in self.tasks],
        }


class ErasureStore:
    """Finds what is recorded about a user, and erases it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def positions_of(self, user: str) -> list[tuple[int, str]]:
        """The positions and ids of a user's events, in storage order.

        They are those that name the user, and those without a user in visits in which nobody
        else has signed in.
        """
        query = select(_EVENTS.c.position, _EVENTS.c.id).where(_is_of(user))
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(_EVENTS.c.position))
            return [(row.position, row.id) for row in rows]

    def erase(
        self, user: str, person: str, tasks: Sequence[ErasureTask], now: datetime
    ) -> tuple[Erasure, Deletion]:
        """Delete a user's events and deliveries, and record the erasure; all or nothing.

        Args:
            user: The entity ref.
            person: Its keyed hash, which is kept.
            tasks: The backends' tasks; a backend that may be receiving some of the events right now
                is asked at the task's `retry_at`, all others at once.
            now: The present.
        """
        erasure = str(uuid4())
        with begin_writing(self.engine) as connection:
            query = select(_EVENTS.c.position, _EVENTS.c.id).where(_is_of(user))
            rows = connection.execute(query.order_by(_EVENTS.c.position)).all()
            positions, ids = [row.position for row in rows], [row.id for row in rows]
            mine = tuple(
                replace(task, erasure=erasure)
                if _may_be_on_its_way(connection, task.backend, positions)
                else replace(task, erasure=erasure, failure=replace(task.failure, retry_at=None))
                for task in tasks
            )
            deletion, undelivered = delete_events(connection, positions, ids, now)
            done = Erasure(erasure, person, now, len(ids), undelivered)
            connection.execute(insert(_ERASURES).values(_erasure_values(done)))
            if mine:
                connection.execute(insert(_TASKS), [_task_values(task) for task in mine])
        _leave_no_trace(self.engine)
        return replace(done, tasks=mine), deletion

    def list(self) -> "list[Erasure]":
        """Every erasure, the newest first, with how far each backend is."""
        return self._read()

    def get(self, erasure: str) -> Erasure:
        """An erasure as it is now.

        Raises:
            LookupError: If there is none with that id.
        """
        found = self._read(erasure)
        if not found:
            raise LookupError(f"There is no erasure {erasure}")
        return found[0]

    def _read(self, only: str | None = None) -> "list[Erasure]":
        """All erasures, or only one of them."""
        of_tasks = select(_TASKS).order_by(_TASKS.c.backend)
        of_erasures = select(_ERASURES).order_by(_ERASURES.c.erased_at.desc())
        if only is not None:
            of_tasks = of_tasks.where(_TASKS.c.erasure == only)
            of_erasures = of_erasures.where(_ERASURES.c.id == only)
        tasks: dict[str, list[ErasureTask]] = {}
        with self.engine.connect() as connection:
            for row in connection.execute(of_tasks):
                tasks.setdefault(row.erasure, []).append(_to_task(row))
            rows = connection.execute(of_erasures).all()
        return [
            Erasure(
                row.id,
                row.person,
                row.erased_at,
                row.events,
                row.undelivered,
                tuple(tasks.get(row.id, ())),
            )
            for row in rows
        ]

    def due(self, now: datetime) -> "list[ErasureTask]":
        """The tasks that backends may be asked to do now."""
        rows = _TASKS.c
        query = select(_TASKS).where(
            rows.state == ErasureState.WAITING.value,
            or_(rows.retry_at.is_(None), rows.retry_at <= now),
        )
        with self.engine.connect() as connection:
            return [_to_task(row) for row in connection.execute(query)]

    def settle(self, task: ErasureTask) -> None:
        """Record the outcome of a task; when it no longer waits, the user's id is forgotten."""
        is_waiting = task.state is ErasureState.WAITING
        values = _task_values(task if is_waiting else replace(task, user_id=None))
        mine = and_(_TASKS.c.erasure == task.erasure, _TASKS.c.backend == task.backend)
        with begin_writing(self.engine) as connection:
            connection.execute(update(_TASKS).where(mine).values(values))
        _leave_no_trace(self.engine)

    def erased_at(self, persons: Collection[str]) -> dict[str, datetime]:
        """When each of these persons was last erased, for those who were."""
        wanted, found = sorted(persons), dict[str, datetime]()
        with self.engine.connect() as connection:
            for start in range(0, len(wanted), _PERSONS_AT_ONCE):
                some = wanted[start : start + _PERSONS_AT_ONCE]
                query = select(_ERASURES.c.person, func.max(_ERASURES.c.erased_at))
                query = query.where(_ERASURES.c.person.in_(some)).group_by(_ERASURES.c.person)
                found |= {row[0]: row[1] for row in connection.execute(query)}
        return found


def _may_be_on_its_way(connection: Connection, backend: str, positions: Sequence[int]) -> bool:
    """Whether a delivery of one of these events may be running."""
    if not positions:
        return False
    cursor = connection.execute(select(_CURSORS.c.position).where(_CURSORS.c.backend == backend))
    if (reached := cursor.scalar()) is not None and reached < positions[-1]:
        return True
    waiting = select(_DELIVERIES.c.position).where(
        _DELIVERIES.c.backend == backend, _DELIVERIES.c.state == DeliveryState.WAITING.value
    )
    return not set(connection.execute(waiting).scalars()).isdisjoint(positions)


def _leave_no_trace(engine: Engine) -> None:
    """Remove deleted data from SQLite's write-ahead log too."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_of(ref: str) -> ColumnElement[bool]:
    user = ref.lower()
    inner = _EVENTS.alias()
    other = _EVENTS.alias()
    visits = select(inner.c.session_id).where(inner.c.user == user, inner.c.session_id.is_not(None))
    shared = select(other.c.session_id).where(
        other.c.session_id.in_(visits), other.c.user.is_not(None), other.c.user != user
    )
    nameless = and_(
        _EVENTS.c.user.is_(None),
        _EVENTS.c.session_id.in_(visits),
        _EVENTS.c.session_id.not_in(shared),
    )
    return or_(_EVENTS.c.user == user, nameless)


def _erasure_values(erasure: Erasure) -> dict[str, Any]:
    return {
        "id": erasure.id,
        "person": erasure.person,
        "erased_at": erasure.erased_at,
        "events": erasure.events,
        "undelivered": erasure.undelivered,
    }


def _task_values(task: ErasureTask) -> dict[str, Any]:
    failure = task.failure
    return {
        "erasure": task.erasure,
        "backend": task.backend,
        "user_id": task.user_id,
        "state": task.state.value,
        "tries": failure.tries,
        "failing_since": failure.failing_since,
        "retry_at": failure.retry_at,
        "reason": failure.reason,
    }


def _to_task(row: Row[Any]) -> ErasureTask:
    failure = Failure(row.tries, row.failing_since, row.retry_at, row.reason)
    return ErasureTask(row.erasure, row.backend, ErasureState(row.state), row.user_id, failure)
