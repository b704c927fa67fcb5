"""The table `analytics_event`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, Index, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite, which knows no zones, gets it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # ruff: ignore[unused-method-argument]
        """Give back in UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


_POSITION = BigInteger().with_variant(Integer, "sqlite")


class AnalyticsEventRow(SQLModel, table=True):
    """A recorded event.

    `position` counts up in the order of storing and is what cursors are made of.
    `value` is JSON, since a whole number stays one only there. The parts of the
    context that everybody asks for stand in columns of their own as well.
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
    value: Any = Field(sa_column=Column(JSON(none_as_null=True), nullable=True))
    attributes: dict[str, Any] | None = Field(
        sa_column=Column(JSON(none_as_null=True), nullable=True)
    )
    context: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    plugin_id: str = Field(sa_column=Column(Text, nullable=False))
    extension: str = Field(sa_column=Column(Text, nullable=False))
    route_ref: str = Field(sa_column=Column(Text, nullable=False))
    timestamp: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    received_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    session_id: str | None = Field(sa_column=Column(String(64), nullable=True))
    user: str | None = Field(sa_column=Column(Text, nullable=True))
    origin: str = Field(sa_column=Column(String(16), nullable=False))
