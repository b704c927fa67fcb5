"""Questions about searches and their results.

Terms are normalized, ignoring case and surrounding blanks. A search counts once:
another `search` event of the same session with the same term, with no other term between them, is a
change of page or filter; and a term whose last word the session's next search types on within a
minute, with nothing opened between them, is a step of typing that one (`boo`, `book`, `booking`).
An additional word makes a new search. Without a session each counts. A search is left without a
click if no `discover` follows before the session's next one.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import FromClause, Subquery, and_, case, func, or_, select, union_all

from backstage_py.insights.buckets import SECOND, fill
from backstage_py.insights.dialects import Statement, computed_once, number, text_position
from backstage_py.insights.questions.question import Question, ranked
from backstage_py.insights.record import Record
from backstage_py.insights.window import Grain

_COLUMNS = ("session_id", "moment", "position", "user_ref", "term", "value")
TYPING_SECONDS = 60


def searches(record: Record) -> Subquery:
    """The events of `search` that count, with the `before` term of the session."""
    whole = _without_steps(record)
    before = func.lag(whole.c.term).over(
        partition_by=whole.c.session_id, order_by=(whole.c.moment, whole.c.position)
    )
    each = select(whole, before.label("before")).subquery()
    return (
        select(each)
        .where(or_(each.c.before.is_distinct_from(each.c.term), each.c.session_id.is_(None)))
        .subquery()
    )


def _without_steps(record: Record) -> Subquery:
    """The events of `search` without those that are steps of typing the next one."""
    both = _with_openings(record.of("search"), record.of("discover"))
    order = {"partition_by": both.c.session_id, "order_by": (both.c.moment, both.c.position)}
    each = select(
        both,
        func.lead(both.c.term).over(**order).label("next_term"),
        func.lead(both.c.moment).over(**order).label("next_moment"),
    ).subquery()
    is_soon = and_(
        each.c.session_id.is_not(None),
        each.c.next_moment - each.c.moment <= number(TYPING_SECONDS * SECOND),
    )
    followed = case((is_soon, each.c.next_term)).label("followed")
    asked = computed_once(select(each, followed).where(each.c.is_search == 1), "every_search")
    steps = _typed_on(record, asked)
    is_step = and_(steps.c.term == asked.c.term, steps.c.followed == asked.c.followed)
    return (
        select(*(asked.c[name] for name in _COLUMNS))
        .outerjoin_from(asked, steps, is_step)
        .where(steps.c.term.is_(None))
        .subquery()
    )


def _typed_on(record: Record, asked: FromClause) -> Subquery:
    """Each pair of a term and one that continues its last word."""
    is_pair = and_(asked.c.followed.is_not(None), asked.c.followed != asked.c.term)
    pairs = select(asked.c.term, asked.c.followed).where(is_pair).distinct().subquery()
    named = select(
        pairs,
        record.text(pairs.c.term).label("short"),
        record.text(pairs.c.followed).label("long"),
    ).subquery()
    return (
        select(named.c.term, named.c.followed)
        .where(
            func.length(named.c.short) > 0,
            text_position(named.c.long, named.c.short) == 1,
            text_position(named.c.long, named.c.short.concat(" ")) != 1,
        )
        .subquery()
    )


def _with_openings(asked: FromClause, found: FromClause) -> Subquery:
    """Searches and opened results as one relation; only searches have a term."""
    return union_all(
        select(*(asked.c[name] for name in _COLUMNS), number(1).label("is_search")),
        select(*(found.c[name] for name in _COLUMNS), number(0).label("is_search")),
    ).subquery()


def rounds(record: Record) -> Subquery:
    """The searches that count, each with what happened just before and after it.

    `is_left` is 1 if nothing was opened until the session's next search, `refined` the term of
    the search before, if nothing was opened after that.
    """
    counted, found = searches(record), record.of("discover")
    both = _with_openings(counted, found)
    order = {"partition_by": both.c.session_id, "order_by": (both.c.moment, both.c.position)}
    each = select(
        both,
        func.lag(both.c.is_search).over(**order).label("was_search"),
        func.lag(both.c.term).over(**order).label("before"),
        func.lead(both.c.is_search).over(**order).label("will_search"),
    ).subquery()
    in_session = each.c.session_id.is_not(None)
    is_left = and_(in_session, func.coalesce(each.c.will_search, 1) == 1)
    is_refined = and_(in_session, each.c.was_search == 1)
    return (
        select(
            *(each.c[name] for name in _COLUMNS),
            case((is_left, number(1)), else_=number(0)).label("is_left"),
            case((is_refined, each.c.before)).label("refined"),
        )
        .where(each.c.is_search == 1)
        .subquery()
    )


@dataclass(frozen=True, slots=True)
class Searches(Question):
    """The number of searches for each term, and its mean number of results."""

    limit: int | None = None

    columns: ClassVar = ("term", "searches", "meanResults")

    def select(self, record: Record) -> Statement:
        """Group by term."""
        counted = searches(record)
        by_term = (
            select(
                counted.c.term,
                func.count().label("searches"),
                func.avg(counted.c.value).label("meanResults"),
            )
            .group_by(counted.c.term)
            .subquery()
        )
        return ranked(record, by_term, {"term": "term"}, ("searches", "meanResults"), self.limit)


@dataclass(frozen=True, slots=True)
class SearchesWithoutResult(Question):
    """The terms of searches without results."""

    limit: int | None = None

    columns: ClassVar = ("term", "searches")

    def select(self, record: Record) -> Statement:
        """The statement; one row per term. A search's value is its number of results."""
        counted = searches(record)
        by_term = (
            select(counted.c.term, func.count().label("searches"))
            .where(counted.c.value == 0)
            .group_by(counted.c.term)
            .subquery()
        )
        return ranked(record, by_term, {"term": "term"}, ("searches",), self.limit)


@dataclass(frozen=True, slots=True)
class SearchesWithoutClick(Question):
    """The terms of searches without a click, if their session is known."""

    limit: int | None = 50

    columns: ClassVar = ("term", "searches", "withoutClick", "share")

    def select(self, record: Record) -> Statement:
        """Group by term."""
        each = rounds(record)
        left = func.sum(each.c.is_left)
        by_term = (
            select(each.c.term, func.count().label("searches"), left.label("withoutClick"))
            .where(each.c.session_id.is_not(None))
            .group_by(each.c.term)
            .having(left > 0)
            .subquery()
        )
        counts = ("withoutClick", "searches")
        return ranked(record, by_term, {"term": "term"}, counts, self.limit)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Add the share of the term's searches."""
        return [{**row, "share": row["withoutClick"] / row["searches"]} for row in rows]


@dataclass(frozen=True, slots=True)
class SearchVolume(Question):
    """Searches in each interval: all, without results, and without a click."""

    grain: Grain = Grain.DAY

    columns: ClassVar = ("date", "searches", "withoutResult", "withoutClick", "users")

    def select(self, record: Record) -> Statement:
        """The statement; one row per interval."""
        each = rounds(record)
        piece = record.bucket(each, self.grain).label("piece")
        return select(
            piece,
            func.count().label("searches"),
            func.count().filter(each.c.value == 0).label("withoutResult"),
            func.sum(each.c.is_left).label("withoutClick"),
            func.count(each.c.user_ref.distinct()).label("users"),
        ).group_by(piece)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Name the intervals, and fill the gaps."""
        return fill(rows, self.columns, self.grain, record.pieces(self.grain))


@dataclass(frozen=True, slots=True)
class SearchQuality(Question):
    """The quality of the search in one row.

    `meanRank` is the mean rank of opened results; a refinement is a search after another one in the
    same session without an opened result.
    """

    columns: ClassVar = (
        *("searches", "terms", "users", "withoutResult", "withoutClick"),
        *("opened", "meanRank", "refinements"),
    )

    def select(self, record: Record) -> Statement:
        """Combine two counts."""
        each, found = rounds(record), record.of("discover")
        asked = select(
            func.count().label("searches"),
            func.count(each.c.term.distinct()).label("terms"),
            func.count(each.c.user_ref.distinct()).label("users"),
            func.count().filter(each.c.value == 0).label("withoutResult"),
            func.coalesce(func.sum(each.c.is_left), 0).label("withoutClick"),
            func.count(each.c.refined).label("refinements"),
        ).subquery("asked")
        opened = select(
            func.count().label("opened"), func.avg(found.c.value).label("meanRank")
        ).subquery("opened")
        return select(*asked.c, *opened.c).select_from(asked.join(opened, opened.c.opened >= 0))


@dataclass(frozen=True, slots=True)
class OpenedResults(Question):
    """The opened results, with their mean rank."""

    limit: int | None = 50

    columns: ClassVar = ("subject", "to", "opened", "meanRank")

    def select(self, record: Record) -> Statement:
        """The statement; one row per title and target."""
        found = record.of("discover")
        counted = (
            select(
                found.c.subject,
                found.c.link_to,
                func.count().label("opened"),
                func.avg(found.c.value).label("meanRank"),
            )
            .group_by(found.c.subject, found.c.link_to)
            .subquery()
        )
        texts = {"subject": "subject", "to": "link_to"}
        return ranked(record, counted, texts, ("opened", "meanRank"), self.limit)


@dataclass(frozen=True, slots=True)
class Refinements(Question):
    """The terms tried after a search without a click."""

    limit: int | None = 50

    columns: ClassVar = ("from", "to", "times")

    def select(self, record: Record) -> Statement:
        """The statement; one row per pair of terms."""
        each = rounds(record)
        counted = (
            select(each.c.refined, each.c.term, func.count().label("times"))
            .where(each.c.refined.is_not(None))
            .group_by(each.c.refined, each.c.term)
            .subquery()
        )
        texts = {"from": "refined", "to": "term"}
        return ranked(record, counted, texts, ("times",), self.limit)
