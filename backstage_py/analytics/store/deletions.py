"""Deletes events from the record, and logs the deletions for copies of the record."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap
from typing import Literal, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
)

from backstage_py.analytics.store.database import table_of
from backstage_py.analytics.store.deliveries import DeliveryState
from backstage_py.analytics.store.engine import begin_writing
from backstage_py.analytics.store.models import (
    AnalyticsEventRow,
    DeletionRow,
    DeliveryCursorRow,
    DeliveryRow,
    ErasedEventRow,
)

_EVENTS = table_of(AnalyticsEventRow)
_DELIVERIES = table_of(DeliveryRow)
_CURSORS = table_of(DeliveryCursorRow)
_DELETIONS = table_of(DeletionRow)
_ERASED = table_of(ErasedEventRow)

BATCH_EVENTS = 500
"""How many events one transaction deletes: a writer may have to wait a few milliseconds."""
_QUESTION_IDS = 500

Reason: TypeAlias = Literal["expired", "erased"]


@dataclass(frozen=True, slots=True)
class Deletion:
    """Events that are no longer in the record; `position` is its place in the log.

    `expired`: those of `action` that were captured before `before`. `erased`: those with
    `event_ids`.
    """

    position: int
    reason: Reason
    action: str | None = None
    before: datetime | None = None
    event_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """Events of an action, or of all others, that are old enough.

    Events captured before `before` are deleted; those captured before `at_any_rate` are deleted
    even if a backend is still owed them.
    """

    before: datetime
    at_any_rate: datetime
    action: str | None = None
    but_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mark:
    """The position reached among the old events."""

    timestamp: datetime
    position: int


class DeletionLog:
    """The log of deletions, for copies of the record."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def after(self, position: int, limit: int = 100) -> list[Deletion]:
        """The deletions after a position in the log, in order.

        Read it each time after copying events: those copied before their deletion are then removed.
        """
        query = select(_DELETIONS).where(_DELETIONS.c.position > position)
        with self.engine.connect() as connection:
            rows = connection.execute(query.order_by(_DELETIONS.c.position).limit(limit)).all()
            return [
                Deletion(
                    row.position,
                    row.reason,
                    action=row.action,
                    before=row.before,
                    event_ids=_erased_ids(connection, row.position),
                )
                for row in rows
            ]

    def last_position(self) -> int:
        """The position of the newest deletion; 0 in an empty log."""
        with self.engine.connect() as connection:
            return connection.execute(select(func.max(_DELETIONS.c.position))).scalar() or 0


def count_expired(engine: Engine, rule: Rule) -> dict[str, int]:
    """How many events a rule would delete now, by action."""
    query = select(_EVENTS.c.action, func.count()).where(*_falls_under(rule))
    with engine.connect() as connection:
        rows = connection.execute(query.group_by(_EVENTS.c.action)).all()
    return {row[0]: row[1] for row in rows}


def delete_expired(engine: Engine, rule: Rule, now: datetime) -> Iterator[int]:
    """Delete events that match a rule, in batches; yields the size of each batch.

    Others may write between two batches. The log has a row for each action that lost events.
    """
    mark: _Mark | None = None
    logged: set[str] = set()
    while True:
        found = _next_expired(engine, rule, mark)
        if not found:
            return
        mark = _Mark(found[-1].timestamp, found[-1].position)
        positions = [row.position for row in found]
        actions = {row.action for row in found} - logged
        with begin_writing(engine) as connection:
            connection.execute(delete(_EVENTS).where(_EVENTS.c.position.in_(positions)))
            connection.execute(delete(_DELIVERIES).where(_DELIVERIES.c.position.in_(positions)))
            for action in sorted(actions):
                _log(connection, now, "expired", action=action, before=rule.before)
        logged |= actions
        yield len(found)


def _next_expired(engine: Engine, rule: Rule, mark: _Mark | None) -> "Sequence[_Old]":
    place = (_EVENTS.c.timestamp, _EVENTS.c.position)
    query = select(_EVENTS.c.position, _EVENTS.c.timestamp, _EVENTS.c.action)
    query = query.where(*_falls_under(rule)).order_by(*place).limit(BATCH_EVENTS)
    if mark is not None:
        query = query.where(tuple_(*place) > (mark.timestamp, mark.position))
    with engine.connect() as connection:
        return list(starmap(_Old, connection.execute(query)))


@dataclass(frozen=True, slots=True)
class _Old:
    position: int
    timestamp: datetime
    action: str


def _falls_under(rule: Rule) -> list[ColumnElement[bool]]:
    mine = _EVENTS.c.action == rule.action
    if rule.action is None:
        mine = _EVENTS.c.action.not_in(rule.but_for)
    is_owed = or_(
        exists(select(_CURSORS.c.backend).where(_CURSORS.c.position < _EVENTS.c.position)),
        exists(
            select(_DELIVERIES.c.backend).where(
                and_(
                    _DELIVERIES.c.position == _EVENTS.c.position,
                    _DELIVERIES.c.state == DeliveryState.WAITING.value,
                )
            )
        ),
    )
    is_late = _EVENTS.c.timestamp < rule.at_any_rate
    return [_EVENTS.c.timestamp < rule.before, mine, or_(is_late, ~is_owed)]


def delete_events(
    connection: Connection, positions: Sequence[int], ids: Sequence[str], now: datetime
) -> tuple[Deletion, int]:
    """Delete events for good in a transaction of `begin_writing`.

    Returns the log's entry, and how many of their deliveries had failed or were waiting.
    """
    undelivered = 0
    for start in range(0, len(positions), BATCH_EVENTS):
        some = positions[start : start + BATCH_EVENTS]
        connection.execute(delete(_EVENTS).where(_EVENTS.c.position.in_(some)))
        undelivered += connection.execute(
            delete(_DELIVERIES).where(_DELIVERIES.c.position.in_(some))
        ).rowcount
    place = _log(connection, now, "erased")
    known = _known(connection, ids)
    rows = [{"id": one, "deletion": place} for one in ids if one not in known]
    if rows:
        connection.execute(insert(_ERASED), rows)
    return Deletion(place, "erased", event_ids=tuple(ids)), undelivered


def find_erased(engine: Engine, ids: Collection[str]) -> set[str]:
    """Those of these ids that belong to erased events."""
    with engine.connect() as connection:
        return _known(connection, ids)


def find_returned(engine: Engine, limit: int = BATCH_EVENTS) -> list[tuple[int, str]]:
    """Erased events that came in again, as from a browser whose answer was lost."""
    query = select(_EVENTS.c.position, _EVENTS.c.id).join(_ERASED, _ERASED.c.id == _EVENTS.c.id)
    with engine.connect() as connection:
        return [(row.position, row.id) for row in connection.execute(query.limit(limit))]


def _known(connection: Connection, ids: Collection[str]) -> set[str]:
    wanted = sorted(ids)
    known: set[str] = set()
    for start in range(0, len(wanted), _QUESTION_IDS):
        some = wanted[start : start + _QUESTION_IDS]
        query = select(_ERASED.c.id).where(_ERASED.c.id.in_(some))
        known |= set(connection.execute(query).scalars())
    return known


def _erased_ids(connection: Connection, place: int) -> tuple[str, ...]:
    query = select(_ERASED.c.id).where(_ERASED.c.deletion == place).order_by(_ERASED.c.id)
    return tuple(connection.execute(query).scalars())


def _log(
    connection: Connection,
    now: datetime,
    reason: Reason,
    *,
    action: str | None = None,
    before: datetime | None = None,
) -> int:
    values = {"deleted_at": now, "reason": reason, "action": action, "before": before}
    result = connection.execute(insert(_DELETIONS).values(values))
    (place,) = result.inserted_primary_key or (0,)
    return int(place)
