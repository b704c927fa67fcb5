"""The state of alerts and their unsent messages, so that each is sent once, even after a crash.

A lease in the database decides which worker checks an alert; the result and its messages are stored
in one transaction. A message is claimed in a transaction of its own before it is sent. If the
process dies in between, a channel that shows repeats once gets it again; for any other, nobody can
know whether it arrived, so it becomes `unknown` instead of a second alarm.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from backstage_py.analytics import UtcTime
from backstage_py.insights.alerts.message import Message
from backstage_py.insights.tables import METADATA, open_tables

LEASE = timedelta(seconds=60)
"""How long a check of an alert may take before another worker does it."""
HAND_OVER = timedelta(minutes=5)
"""How long sending a message may take before its process counts as dead."""
RETRIES = (
    *(timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15)),
    *(timedelta(hours=1), timedelta(hours=6)),
)
KEPT = timedelta(days=90)

_ALERTS = Table(
    "insights_alert",
    METADATA,
    Column("name", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("is_firing", Boolean, nullable=False),
    Column("since", UtcTime),
    Column("value", Float),
    Column("problem", Text),
    Column("checked_at", UtcTime),
    Column("due_at", UtcTime, nullable=False),
    Column("leased_until", UtcTime),
)
_MESSAGES = Table(
    "insights_alert_message",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("alert", String(200), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("problem", Text),
)


@dataclass(frozen=True, slots=True)
class AlertState:
    """The state of an alert; `value` is the number of the last check."""

    name: str
    is_firing: bool
    since: datetime | None
    value: float | None
    problem: str | None
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that a channel is owed."""

    id: str
    alert: str
    channel: str
    message: Message
    state: str
    attempts: int
    made_at: datetime
    problem: str | None = None


class AlertStore:
    """The tables; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._tables = open_tables(engine)

    def claim(self, name: str, fingerprint: str, now: datetime, first_due: datetime) -> bool:
        """Whether this process has to check an alert now; then no other does for a minute.

        A new alert, or a changed one, is due at `first_due` and begins as not firing.
        """
        mine = _ALERTS.c.name == name
        with self._tables.writing() as connection:
            row = connection.execute(select(_ALERTS).where(mine)).mappings().first()
            if row is None or row["fingerprint"] != fingerprint:
                connection.execute(delete(_ALERTS).where(mine))
                fresh = {"name": name, "fingerprint": fingerprint, "is_firing": False}
                connection.execute(insert(_ALERTS).values(**fresh, due_at=first_due))
                due, leased = first_due, None
            else:
                due, leased = row["due_at"], row["leased_until"]
            if due > now or (leased is not None and leased > now):
                return False
            connection.execute(update(_ALERTS).where(mine).values(leased_until=now + LEASE))
        return True

    def settle(
        self,
        name: str,
        now: datetime,
        *,
        is_firing: bool,
        value: float | None,
        next_due: datetime,
        messages: Mapping[bool, Sequence[tuple[str, Message]]],
    ) -> bool:
        """Store the result of a check, and owe messages if the state changed.

        Args:
            name: The alert.
            now: The time of the check.
            is_firing: Whether the alert fires.
            value: The number.
            next_due: The time of the next check.
            messages: The channels and messages for the start (True) and the end (False).

        Returns whether the state changed.
        """
        mine = _ALERTS.c.name == name
        with self._tables.writing() as connection:
            row = connection.execute(select(_ALERTS).where(mine)).mappings().one()
            has_changed = bool(row["is_firing"]) != is_firing
            since = now if has_changed else row["since"]
            known = {"is_firing": is_firing, "since": since, "value": value, "problem": None}
            times = {"checked_at": now, "due_at": next_due, "leased_until": None}
            connection.execute(update(_ALERTS).where(mine).values(**known, **times))
            if has_changed:
                _owe(connection, name, messages.get(is_firing, ()), now)
        return has_changed

    def owe(
        self, name: str, messages: Sequence[tuple[str, Message]], now: datetime, next_due: datetime
    ) -> None:
        """Owe the messages of a digest, and store when it is due again."""
        times = {"checked_at": now, "due_at": next_due, "leased_until": None, "problem": None}
        with self._tables.writing() as connection:
            connection.execute(update(_ALERTS).where(_ALERTS.c.name == name).values(**times))
            _owe(connection, name, messages, now)

    def note_problem(self, name: str, problem: str, now: datetime, next_due: datetime) -> None:
        """Note that an alert could not be checked; its state stays."""
        values = {"problem": problem, "checked_at": now, "due_at": next_due, "leased_until": None}
        with self._tables.writing() as connection:
            connection.execute(update(_ALERTS).where(_ALERTS.c.name == name).values(**values))

    def take_message(self, now: datetime, repeatable: Iterable[str]) -> Owed | None:
        """Claim a message that is due, the oldest first; None if there is none.

        Args:
            now: The current time.
            repeatable: The channels that show a repeated message once.
        """
        state, due = _MESSAGES.c.state, _MESSAGES.c.due_at
        with self._tables.writing() as connection:
            is_lost = (state == "sending") & (due <= now)
            again = _MESSAGES.c.channel.in_(list(repeatable))
            connection.execute(
                update(_MESSAGES).where(is_lost, again).values(state="waiting", due_at=now)
            )
            problem = "The process died while handing it over; it may have arrived"
            connection.execute(
                update(_MESSAGES).where(is_lost, ~again).values(state="unknown", problem=problem)
            )
            query = select(_MESSAGES).where(state == "waiting", due <= now)
            query = query.order_by(_MESSAGES.c.made_at, _MESSAGES.c.id).limit(1)
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            claimed = {"state": "sending", "attempts": row["attempts"] + 1}
            connection.execute(
                update(_MESSAGES)
                .where(_MESSAGES.c.id == row["id"])
                .values(**claimed, due_at=now + HAND_OVER)
            )
        return _read({**row, **claimed})

    def note_sent(self, message_id: str) -> None:
        """Note that a message was sent."""
        self._change(message_id, state="sent", problem=None)

    def note_refused(self, owed: Owed, problem: str, now: datetime) -> None:
        """Note that a message was not accepted; it is retried, at most five times."""
        if owed.attempts > len(RETRIES):
            self._change(owed.id, state="failed", problem=problem)
            return
        due = now + RETRIES[owed.attempts - 1]
        self._change(owed.id, state="waiting", problem=problem, due_at=due)

    def states(self) -> list[AlertState]:
        """The state of each alert and digest, by name."""
        with self._tables.reading() as connection:
            rows = connection.execute(select(_ALERTS).order_by(_ALERTS.c.name)).mappings().all()
        names = ("name", "is_firing", "since", "value", "problem", "checked_at")
        return [AlertState(**{name: row[name] for name in names}) for row in rows]

    def messages(self, limit: int = 50) -> list[Owed]:
        """The newest messages, in any state."""
        query = select(_MESSAGES).order_by(_MESSAGES.c.made_at.desc(), _MESSAGES.c.id).limit(limit)
        with self._tables.reading() as connection:
            return [_read(row) for row in connection.execute(query).mappings()]

    def forget(self, names: Iterable[str], now: datetime) -> None:
        """Delete alerts that are not among these, and messages older than 90 days."""
        with self._tables.writing() as connection:
            connection.execute(delete(_ALERTS).where(_ALERTS.c.name.not_in(list(names))))
            connection.execute(delete(_MESSAGES).where(_MESSAGES.c.made_at < now - KEPT))

    def _change(self, message_id: str, **values: Any) -> None:
        with self._tables.writing() as connection:
            mine = _MESSAGES.c.id == message_id
            connection.execute(update(_MESSAGES).where(mine).values(**values))


def _owe(
    connection: Connection, name: str, messages: Sequence[tuple[str, Message]], now: datetime
) -> None:
    for channel, message in messages:
        connection.execute(
            insert(_MESSAGES).values(
                id=str(uuid.uuid4()),
                alert=name,
                channel=channel,
                content=message.to_json(),
                state="waiting",
                attempts=0,
                made_at=now,
                due_at=now,
            )
        )


def _read(row: Mapping[Any, Any]) -> Owed:
    names = ("id", "alert", "channel", "state", "attempts", "made_at", "problem")
    fields = {name: row[name] for name in names}
    return Owed(message=Message.from_json(row["content"]), **fields)
