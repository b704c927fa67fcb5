"""Questions about visits: their length, who is here now, and the events of one visit."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Subquery, case, cast, func, select

from backstage_py.analytics import format_time
from backstage_py.insights.buckets import from_moment
from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.questions.question import Question
from backstage_py.insights.questions.templates import middle, to_seconds
from backstage_py.insights.record import Record


@dataclass(frozen=True, slots=True)
class VisitLength(Question):
    """The length of visits, and the share that ends after one page.

    A visit lasts from its first event of the window to its last one; a bounce has at most one page
    view and nothing else after it. Events without a session belong to no visit.
    """

    columns: ClassVar = ("visits", "bounces", "bounceRate", "medianSeconds", "pagesPerVisit")

    def select(self, record: Record) -> Statement:
        """The statement, from each visit's events."""
        visits = _visits(record)
        placed = select(visits, number(1).label("whole")).subquery()
        median = middle(placed, "whole", "length").alias("of_all")
        is_bounce = (visits.c.pages <= 1) & (visits.c.events <= 1)
        counted = select(
            func.count().label("visits"),
            func.count().filter(is_bounce).label("bounces"),
            cast(func.coalesce(func.sum(visits.c.pages), 0), BigInteger).label("pages"),
        ).subquery("counted")
        return select(counted, median.c.median).outerjoin_from(
            counted, median, counted.c.visits >= 0
        )

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Add shares."""
        row = rows[0]
        visits = row["visits"]
        return [{
            "visits": visits,
            "bounces": row["bounces"],
            "bounceRate": row["bounces"] / visits if visits else 0.0,
            "medianSeconds": to_seconds(row["median"]),
            "pagesPerVisit": row["pages"] / visits if visits else 0.0,
        }]  # fmt: skip


@dataclass(frozen=True, slots=True)
class HereNow(Question):
    """The users active in the window, usually the last minutes, with their last page."""

    limit: int | None = 100

    columns: ClassVar = ("user", "path", "events", "lastSeen")
    person: ClassVar = "user"

    def select(self, record: Record) -> Statement:
        """The statement; one row per user."""
        events = record.events
        known = select(events).where(events.c.user_ref.is_not(None)).subquery()
        pages = select(known).where(known.c.path.is_not(None)).subquery()
        last = record.engine.last_of(pages, "user_ref", "path", first=False).subquery()
        counted = (
            select(
                known.c.user_ref,
                func.count().label("events"),
                func.max(known.c.moment).label("moment"),
            )
            .group_by(known.c.user_ref)
            .subquery()
        )
        joined = (
            select(
                record.text(counted.c.user_ref).label("user"),
                record.text(last.c.path).label("path"),
                counted.c.events,
                counted.c.moment,
            )
            .outerjoin_from(counted, last, last.c.user_ref == counted.c.user_ref)
            .subquery()
        )
        query = select(joined).order_by(joined.c.moment.desc(), joined.c.user)
        return query if self.limit is None else query.limit(self.limit)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Convert moments to times."""
        return [{**row, "lastSeen": format_time(from_moment(row["moment"]))} for row in rows]


@dataclass(frozen=True, slots=True)
class VisitTimeline(Question):
    """The events of one visit, in order; only for viewers who may see people."""

    session: str
    limit: int | None = 500

    columns: ClassVar = ("time", "action", "subject", "pluginId", "path", "value")
    needs_people: ClassVar = True

    def select(self, record: Record) -> Statement:
        """The events of the session."""
        events = record.events
        mine = events.c.session_id == record.engine.session(self.session)
        query = (
            select(
                events.c.moment,
                events.c.position,
                record.text(events.c.action).label("action"),
                record.text(events.c.subject).label("subject"),
                record.text(events.c.plugin_id).label("pluginId"),
                record.text(events.c.path).label("path"),
                events.c.value,
            )
            .where(mine)
            .order_by(events.c.moment, events.c.position)
        )
        return query if self.limit is None else query.limit(self.limit)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Convert moments to times."""
        return [{**row, "time": format_time(from_moment(row["moment"]))} for row in rows]


def _visits(record: Record) -> Subquery:
    """Each visit with its length in microseconds, its pages and its events."""
    events = record.events
    is_page = case((record.is_action(events, "navigate"), number(1)), else_=number(0))
    return (
        select(
            events.c.session_id,
            (func.max(events.c.moment) - func.min(events.c.moment)).label("length"),
            func.sum(is_page).label("pages"),
            func.count().label("events"),
        )
        .where(events.c.session_id.is_not(None))
        .group_by(events.c.session_id)
        .subquery()
    )
