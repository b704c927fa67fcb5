"""Totals of events, visits and people, in all and over time."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Subquery,
    cast,
    func,
    select,
)

from backstage_py.insights.buckets import fill
from backstage_py.insights.dialects import Statement
from backstage_py.insights.questions.question import Question
from backstage_py.insights.record import Record
from backstage_py.insights.window import Grain


@dataclass(frozen=True, slots=True)
class Totals(Question):
    """The totals of a window in one row; `minutes` are those that templates saved."""

    columns: ClassVar = (
        *("users", "sessions", "anonymousSessions", "events"),
        *("navigations", "runs", "minutesSaved"),
    )

    def select(self, record: Record) -> Statement:
        """Combine four counts, each of which reads only its own columns."""
        visits = record.visits(record.bounds.first)
        plain = select(*_sums(visits)).subquery("plain")
        users = _count_distinct(visits.c.user_ref, "users")
        sessions = _count_distinct(visits.c.session_id, "sessions")
        nobody = visits.c.user_ref.is_(None)
        anonymous = _count_distinct(visits.c.session_id, "anonymousSessions", nobody)
        return select(
            users.c.users,
            sessions.c.sessions,
            anonymous.c.anonymousSessions,
            *plain.c,
        ).select_from(
            plain.join(users, users.c.users >= 0)
            .join(sessions, sessions.c.sessions >= 0)
            .join(anonymous, anonymous.c.anonymousSessions >= 0)
        )


def _sums(visits: Subquery) -> list[ColumnElement[Any]]:
    def total(name: str) -> ColumnElement[Any]:
        return cast(func.coalesce(func.sum(visits.c[name]), 0), BigInteger).label(name)

    minutes = func.coalesce(func.sum(visits.c.minutes), 0).label("minutesSaved")
    return [total("events"), total("navigations"), total("runs"), minutes]


def _count_distinct(column: Any, name: str, *wanted: Any) -> Subquery:
    each = select(column.label("one")).where(*wanted).distinct().subquery()
    return select(func.count(each.c.one).label(name)).subquery(f"of_{name}")


@dataclass(frozen=True, slots=True)
class Activity(Question):
    """The totals of each interval; intervals without events are included."""

    grain: Grain = Grain.DAY

    columns: ClassVar = ("date", "users", "sessions", "events", "navigations", "minutesSaved")

    def select(self, record: Record) -> Statement:
        """The statement; one row per interval."""
        visits = record.visits(record.bounds.first)
        piece = record.bucket(visits, self.grain).label("piece")
        plain = select(piece, *_sums(visits)).group_by(piece).subquery()
        users = _count_in_pieces(piece, visits.c.user_ref, "users")
        sessions = _count_in_pieces(piece, visits.c.session_id, "sessions")
        return (
            select(plain, users.c.users, sessions.c.sessions)
            .join(users, users.c.piece == plain.c.piece)
            .join(sessions, sessions.c.piece == plain.c.piece)
            .order_by(plain.c.piece)
        )

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Name the intervals, and fill the gaps."""
        return fill(rows, self.columns, self.grain, record.pieces(self.grain))


def _count_in_pieces(piece: Any, column: Any, name: str) -> Subquery:
    each = select(piece, column.label("one")).distinct().subquery()
    counted = select(each.c.piece, func.count(each.c.one).label(name))
    return counted.group_by(each.c.piece).subquery(f"of_{name}")
