"""The tables of notifications, and of people's marks on them.

A notification is for one user, or for everybody if `user` is empty. Whether it is read or saved is
stored per user; one that is sent again, with a later `updated`, counts as unread.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, func, insert, or_, select, update
from sqlalchemy import delete as delete_from
from sqlalchemy.engine import Connection, Row
from sqlmodel import Column, DateTime, Field, Text

from backstage_py.plugins.notifications.notification import (
    SEVERITIES,
    Notification,
    NotificationPage,
    Order,
    Payload,
    Question,
    View,
)
from backstage_py.storage import Database, OwnTable, table_of

_MIGRATIONS = Path(__file__).with_name("migrations")
_ESCAPE = "\\"


class NotificationRow(OwnTable, table=True):
    """A notification; `severity` is a number, 0 for the highest."""

    __tablename__ = "notification"  # pyright: ignore[reportAssignmentType]

    id: str = Field(primary_key=True)
    user: str | None
    origin: str
    title: str
    description: str = Field(sa_type=Text)
    link: str = Field(sa_type=Text)
    severity: int
    topic: str
    scope: str
    icon: str
    created: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    updated: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class MarkRow(OwnTable, table=True):
    """A user's marks on a notification."""

    __tablename__ = "notification_mark"  # pyright: ignore[reportAssignmentType]

    user: str = Field(primary_key=True)
    notification_id: str = Field(primary_key=True)
    read_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))
    saved_at: datetime | None = Field(sa_column=Column(DateTime(timezone=True)))


_NOTES = table_of(NotificationRow)
_MARKS = table_of(MarkRow)
_IS_READ = and_(_MARKS.c.read_at.is_not(None), _MARKS.c.read_at >= _NOTES.c.updated)
_IS_SAVED = _MARKS.c.saved_at.is_not(None)
_IS_UNREAD = or_(_MARKS.c.read_at.is_(None), _MARKS.c.read_at < _NOTES.c.updated)
_VIEWS: dict[View, ColumnElement[bool] | None] = {
    View.UNREAD: _IS_UNREAD,
    View.READ: _IS_READ,
    View.SAVED: _IS_SAVED,
    View.ALL: None,
}
_NEWEST = (_NOTES.c.updated.desc(), _NOTES.c.id.desc())
_ORDERS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    Order.NEWEST: _NEWEST,
    Order.OLDEST: (_NOTES.c.updated, _NOTES.c.id),
    Order.TOPIC: (_NOTES.c.topic, *_NEWEST),
    Order.ORIGIN: (_NOTES.c.origin, *_NEWEST),
}


class NotificationStore:
    """Reads and writes them; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._database = Database(engine, name="notifications", migrations=_MIGRATIONS)

    def add(self, rows: Sequence[NotificationRow]) -> None:
        """Add notifications, each replacing one of the same user, origin and scope."""
        with self._database.writing() as connection:
            for row in rows:
                if not (row.scope and _replace(connection, row)):
                    connection.execute(insert(_NOTES).values(row.model_dump()))

    def find(self, user: str, question: Question, *, muted: Collection[str]) -> NotificationPage:
        """List a user's notifications, except broadcasts of muted origins."""
        wanted = _wanted(user, question, muted)
        page = _joined(user, _NOTES, _IS_READ.label("is_read"), _IS_SAVED.label("is_saved"))
        page = page.where(*wanted).order_by(*_ORDERS[question.order])
        page = page.offset(question.offset).limit(question.limit)
        with self._database.reading() as connection:
            total = connection.execute(_joined(user, func.count()).where(*wanted)).scalar_one()
            rows = connection.execute(page).all()
        return NotificationPage(tuple(_read(row) for row in rows), total)

    def has(self, origin: str, scope: str, description: str, *, since: datetime | None) -> bool:
        """Whether there is a notification of this origin and scope with the same content."""
        wanted = [_NOTES.c.origin == origin, _NOTES.c.scope == scope]
        wanted.append(_NOTES.c.description == description)
        if since is not None:
            wanted.append(_NOTES.c.updated >= since)
        with self._database.reading() as connection:
            found = connection.execute(select(_NOTES.c.id).where(*wanted).limit(1))
            return found.first() is not None

    def list_origins(self, user: str) -> list[str]:
        """List the origins that have notified a user."""
        query = select(_NOTES.c.origin).where(_is_for(user)).distinct()
        with self._database.reading() as connection:
            return sorted(connection.execute(query).scalars())

    def mark(self, user: str, ids: Collection[str], *, column: str, at: datetime | None) -> None:
        """Set `read_at` or `saved_at` of a user's own notifications; others are left alone."""
        with self._database.writing() as connection:
            query = select(_NOTES.c.id).where(_is_for(user), _NOTES.c.id.in_(sorted(ids)))
            _mark(connection, user, connection.execute(query).scalars().all(), {column: at})

    def mark_all_read(self, user: str, *, at: datetime) -> None:
        """Mark all of a user's notifications as read."""
        unread = _joined(user, _NOTES.c.id).where(_is_for(user), _IS_UNREAD)
        with self._database.writing() as connection:
            _mark(connection, user, connection.execute(unread).scalars().all(), {"read_at": at})

    def delete_older(self, before: datetime) -> None:
        """Delete notifications from before a time, unless somebody has saved them."""
        saved = select(_MARKS.c.notification_id).where(_IS_SAVED)
        with self._database.writing() as connection:
            old = and_(_NOTES.c.updated < before, _NOTES.c.id.not_in(saved))
            connection.execute(delete_from(_NOTES).where(old))
            gone = _MARKS.c.notification_id.not_in(select(_NOTES.c.id))
            connection.execute(delete_from(_MARKS).where(gone))


def _replace(connection: Connection, row: NotificationRow) -> bool:
    """Replace the previous notification; returns whether there was one."""
    is_same = and_(
        _NOTES.c.user == row.user if row.user else _NOTES.c.user.is_(None),
        _NOTES.c.origin == row.origin,
        _NOTES.c.scope == row.scope,
    )
    values = row.model_dump(exclude={"id", "user", "origin", "scope", "created"})
    return connection.execute(update(_NOTES).where(is_same).values(values)).rowcount > 0


def _joined(user: str, *columns: Any) -> Any:
    own = and_(_MARKS.c.notification_id == _NOTES.c.id, _MARKS.c.user == user)
    return select(*columns).select_from(_NOTES.outerjoin(_MARKS, own))


def _is_for(user: str) -> ColumnElement[bool]:
    return or_(_NOTES.c.user == user, _NOTES.c.user.is_(None))


def _wanted(user: str, question: Question, muted: Collection[str]) -> list[ColumnElement[bool]]:
    wanted = [_is_for(user), _NOTES.c.severity <= SEVERITIES.index(question.least)]
    if muted:
        wanted.append(or_(_NOTES.c.user.is_not(None), _NOTES.c.origin.not_in(sorted(muted))))
    view = _VIEWS[question.view]
    if view is not None:
        wanted.append(view)
    if question.since is not None:
        wanted.append(_NOTES.c.updated >= question.since)
    return wanted + [_has_word(word) for word in question.text.lower().split()]


def _has_word(word: str) -> ColumnElement[bool]:
    for special in (_ESCAPE, "%", "_"):
        word = word.replace(special, _ESCAPE + special)
    columns = (_NOTES.c.title, _NOTES.c.description, _NOTES.c.topic, _NOTES.c.origin)
    return or_(*(func.lower(column).like(f"%{word}%", escape=_ESCAPE) for column in columns))


def _mark(connection: Connection, user: str, ids: Sequence[str], values: dict[str, Any]) -> None:
    known = select(_MARKS.c.notification_id).where(_MARKS.c.user == user)
    marked = set(connection.execute(known.where(_MARKS.c.notification_id.in_(ids))).scalars())
    is_own = and_(_MARKS.c.user == user, _MARKS.c.notification_id.in_(ids))
    connection.execute(update(_MARKS).where(is_own).values(values))
    new = [{"user": user, "notification_id": id_, **values} for id_ in ids if id_ not in marked]
    if new:
        connection.execute(insert(_MARKS), new)


def _read(row: Row[Any]) -> Notification:
    return Notification(
        id=row.id,
        origin=row.origin,
        payload=Payload(
            title=row.title,
            description=row.description,
            link=row.link,
            severity=SEVERITIES[row.severity],
            topic=row.topic,
            scope=row.scope,
            icon=row.icon,
        ),
        created=_in_utc(row.created),
        updated=_in_utc(row.updated),
        is_broadcast=row.user is None,
        is_read=bool(row.is_read),
        is_saved=bool(row.is_saved),
    )


def _in_utc(moment: datetime) -> datetime:
    """The time in UTC: SQLite has no time zones, so its values are in UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
