"""The tables: `analytics_event`, how far its events have been delivered, what was deleted."""

from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType
from sqlmodel import Field

from backstage_py.analytics.store.own_tables import OwnTable


class _Verbatim(UserDefinedType[Any]):
    """An SQLite column whose values are returned as stored, without conversion."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_options: Any) -> str:
        """Its name in the schema."""
        return self.name


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite, which knows no zones, gets it as text without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, so that a broken value affects only its row."""
        return self.impl_instance if dialect.name != "sqlite" else _Verbatim("DATETIME")

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Store in UTC; what a broken row holds is looked for as it is."""
        return bind_time(value, dialect) if isinstance(value, datetime) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # ruff: ignore[unused-method-argument]
        """The time in UTC; any other value is returned as it is, for the reader to refuse."""
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError:
                return value
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class JsonText(TypeDecorator[Any]):
    """JSON; on SQLite as text, so that a broken value affects only its row."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite."""
        return self.impl_instance if dialect.name != "sqlite" else _Verbatim("JSON")

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Store as text on SQLite."""
        return bind_json(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Return the stored value; invalid JSON comes as text, for the reader to refuse."""
        if dialect.name != "sqlite" or value is None:
            return value
        try:
            return orjson.loads(value) if isinstance(value, str | bytes) else value
        except orjson.JSONDecodeError:
            return value


_TIME_CHARACTERS = len("2026-11-23 09:30:00.125000")


def bind_time(value: datetime, dialect: Dialect) -> Any:
    """A moment as the driver takes it."""
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    if dialect.name != "sqlite":
        return utc
    return utc.isoformat(" ", "microseconds")[:_TIME_CHARACTERS]


def bind_number(value: float | None, dialect: Dialect) -> Any:
    """A number as the driver takes it; SQLite reads some from text with another last digit."""
    return value if dialect.name == "sqlite" else bind_json(value)


def bind_json(value: Any) -> str | None:
    """A value as JSON text; None is the absence of one."""
    return None if value is None else orjson.dumps(value).decode()


_POSITION = BigInteger().with_variant(Integer, "sqlite")


class AnalyticsEventRow(OwnTable, table=True):
    """A recorded event.

    `position` counts up in the order of storing and is what cursors are made of.
    `value` is JSON, since a whole number stays one only there. The parts of the
    context that everybody asks for have columns of their own as well.
    """

    __tablename__ = "analytics_event"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("ix_analytics_event_action", "action", "position"),
        Index("ix_analytics_event_plugin_id", "plugin_id", "position"),
        Index("ix_analytics_event_user", "user", "position"),
        Index("ix_analytics_event_session_id", "session_id", "position"),
        Index("ix_analytics_event_timestamp", "timestamp", "position"),
        {"sqlite_autoincrement": True},
    )

    position: int | None = Field(sa_column=Column(_POSITION, primary_key=True, autoincrement=True))
    id: str = Field(sa_column=Column(String(36), unique=True, nullable=False))
    action: str = Field(sa_column=Column(String(128), nullable=False))
    subject: str = Field(sa_column=Column(Text, nullable=False))
    value: Any = Field(sa_column=Column(JsonText, nullable=True))
    attributes: dict[str, Any] | None = Field(sa_column=Column(JsonText, nullable=True))
    context: dict[str, Any] = Field(sa_column=Column(JsonText, nullable=False))
    plugin_id: str = Field(sa_column=Column(Text, nullable=False))
    extension: str = Field(sa_column=Column(Text, nullable=False))
    route_ref: str = Field(sa_column=Column(Text, nullable=False))
    timestamp: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    received_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    session_id: str | None = Field(sa_column=Column(String(64), nullable=True))
    user: str | None = Field(sa_column=Column(Text, nullable=True))
    origin: str = Field(sa_column=Column(String(16), nullable=False))
    app_version: str | None = Field(sa_column=Column(String(64), nullable=True))


class DeliveryCursorRow(OwnTable, table=True):
    """A backend's cursor: events above `position` are still owed.

    `tries` counts the failures since the last success, `failing_since` is the first of
    them, `reason` that of the last try, and nothing is sent before `retry_at`.
    """

    __tablename__ = "analytics_delivery_cursor"  # pyright: ignore[reportAssignmentType]

    backend: str = Field(sa_column=Column(String(128), primary_key=True))
    position: int = Field(sa_column=Column(_POSITION, nullable=False))
    tries: int = Field(sa_column=Column(Integer, nullable=False))
    failing_since: datetime | None = Field(sa_column=Column(UtcTime, nullable=True))
    retry_at: datetime | None = Field(sa_column=Column(UtcTime, nullable=True))
    reason: str | None = Field(sa_column=Column(Text, nullable=True))


class DeliveryRow(OwnTable, table=True):
    """An event that a backend's cursor passed without delivery.

    `state` is `waiting` (it failed, or an event of its session before it did), `dead`
    (refused for good) or `dropped` (the backend does not want it). An event below the cursor
    without such a row has been delivered.
    """

    __tablename__ = "analytics_delivery"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_analytics_delivery_state", "backend", "state", "position"),)

    backend: str = Field(sa_column=Column(String(128), primary_key=True))
    position: int = Field(sa_column=Column(_POSITION, primary_key=True, autoincrement=False))
    event_id: str = Field(sa_column=Column(String(36), nullable=False))
    session_id: str | None = Field(sa_column=Column(String(64), nullable=True))
    state: str = Field(sa_column=Column(String(16), nullable=False))
    tries: int = Field(sa_column=Column(Integer, nullable=False))
    failing_since: datetime | None = Field(sa_column=Column(UtcTime, nullable=True))
    retry_at: datetime | None = Field(sa_column=Column(UtcTime, nullable=True))
    reason: str | None = Field(sa_column=Column(Text, nullable=True))


class TallyRow(OwnTable, table=True):
    """How many events were not accepted in a quarter of an hour, `slot` quarters after 1970."""

    __tablename__ = "analytics_tally"  # pyright: ignore[reportAssignmentType]

    slot: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    name: str = Field(sa_column=Column(String(32), primary_key=True))
    count: int = Field(sa_column=Column(BigInteger, nullable=False))


class DeletionRow(OwnTable, table=True):
    """Events that are no longer in the record.

    `position` counts up, so that a copy of the record can continue where it stopped. Of `expired`
    events it says by which rule: those of `action` captured before `before`. The ids of `erased`
    ones are in `analytics_erased_event`.
    """

    __tablename__ = "analytics_deletion"  # pyright: ignore[reportAssignmentType]
    __table_args__ = ({"sqlite_autoincrement": True},)

    position: int | None = Field(sa_column=Column(_POSITION, primary_key=True, autoincrement=True))
    deleted_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    reason: str = Field(sa_column=Column(String(16), nullable=False))
    action: str | None = Field(sa_column=Column(String(128), nullable=True))
    before: datetime | None = Field(sa_column=Column(UtcTime, nullable=True))


class ErasedEventRow(OwnTable, table=True):
    """The id of an event that was erased, so that it does not come back."""

    __tablename__ = "analytics_erased_event"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_analytics_erased_event_deletion", "deletion"),)

    id: str = Field(sa_column=Column(String(36), primary_key=True))
    deletion: int = Field(sa_column=Column(_POSITION, nullable=False))


class ErasureRow(OwnTable, table=True):
    """An erasure; `person` is a keyed hash, which identifies nobody without the key."""

    __tablename__ = "analytics_erasure"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_analytics_erasure_person", "person"),)

    id: str = Field(sa_column=Column(String(36), primary_key=True))
    person: str = Field(sa_column=Column(String(64), nullable=False))
    erased_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    events: int = Field(sa_column=Column(Integer, nullable=False))
    undelivered: int = Field(sa_column=Column(Integer, nullable=False))


class ErasureTaskRow(OwnTable, table=True):
    """A backend's part of an erasure; `user_id`, its id of the user, is kept until it is done."""

    __tablename__ = "analytics_erasure_task"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("ix_analytics_erasure_task_state", "state", "retry_at"),)

    erasure: str = Field(sa_column=Column(String(36), primary_key=True))
    backend: str = Field(sa_column=Column(String(128), primary_key=True))
    user_id: str | None = Field(sa_column=Column(Text, nullable=True))
    state: str = Field(sa_column=Column(String(16), nullable=False))
    tries: int = Field(sa_column=Column(Integer, nullable=False))
    failing_since: datetime | None = Field(sa_column=Column(UtcTime, nullable=True))
    retry_at: datetime | None = Field(sa_column=Column(UtcTime, nullable=True))
    reason: str | None = Field(sa_column=Column(Text, nullable=True))
