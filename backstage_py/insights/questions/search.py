"""What was searched for, and whether it was found.

A search counts once: another `search` event of the same session with the same term, with no other
term between them, is a change of page or filter. Without a session each counts. It is left
without a click if no `discover` follows before the session's next search.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select, union_all

from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.directory import Directory
from backstage_py.insights.events import Bounds
from backstage_py.insights.questions.overview import fill
from backstage_py.insights.questions.question import Question, ranked
from backstage_py.insights.record import Record
from backstage_py.insights.scope import Scope
from backstage_py.insights.window import Grain

_COLUMNS = ("session_id", "moment", "position", "user_ref", "subject", "value")


def searches(record: Record) -> Subquery:
    """The events of `search` that count, with the `before` term of the session."""
    asked = record.of("search")
    before = func.lag(asked.c.subject).over(
        partition_by=asked.c.session_id, order_by=(asked.c.moment, asked.c.position)
    )
    columns = [asked.c[name] for name in _COLUMNS]
    each = select(*columns, before.label("before")).subquery()
    return (
        select(each)
        .where(or_(each.c.before.is_distinct_from(each.c.subject), each.c.session_id.is_(None)))
        .subquery()
    )


def rounds(record: Record) -> Subquery:
    """A row for each counted search of a session, with how many results were `opened` then.

    `round` counts the session's searches, `before` and `opened_before` are of the one before.
    """
    counted = searches(record)
    found = record.of("discover")
    both = union_all(
        select(*(counted.c[name] for name in _COLUMNS), number(1).label("is_search")).where(
            counted.c.session_id.is_not(None)
        ),
        select(*(found.c[name] for name in _COLUMNS), number(0).label("is_search")).where(
            found.c.session_id.is_not(None)
        ),
    ).subquery()
    round_ = func.sum(both.c.is_search).over(
        partition_by=both.c.session_id,
        order_by=(both.c.moment, both.c.position),
        rows=(None, 0),
    )
    numbered = select(both, round_.label("round")).subquery()
    is_search = numbered.c.is_search == 1
    of_search = {
        name: func.max(case((is_search, numbered.c[column]))).label(name)
        for name, column in (
            ("term", "subject"),
            ("results", "value"),
            ("user_ref", "user_ref"),
            ("moment", "moment"),
        )
    }
    each = (
        select(
            numbered.c.session_id,
            numbered.c.round,
            *of_search.values(),
            func.count().filter(numbered.c.is_search == 0).label("opened"),
        )
        .where(numbered.c.round > 0)
        .group_by(numbered.c.session_id, numbered.c.round)
        .subquery()
    )
    session, order = each.c.session_id, each.c["round"]
    return select(
        each,
        func.lag(each.c.term).over(partition_by=session, order_by=order).label("before"),
        func.lag(each.c.opened).over(partition_by=session, order_by=order).label("opened_before"),
    ).subquery()


@dataclass(frozen=True, slots=True)
class Searches(Question):
    """How often each term was searched for, and how many results it had on average."""

    limit: int | None = None

    columns: ClassVar = ("term", "searches", "meanResults")

    def select(self, record: Record) -> Statement:
        """By term, as it was typed."""
        counted = searches(record)
        by_term = (
            select(
                counted.c.subject,
                func.count().label("searches"),
                func.avg(counted.c.value).label("meanResults"),
            )
            .group_by(counted.c.subject)
            .subquery()
        )
        return ranked(record, by_term, {"term": "subject"}, ("searches", "meanResults"), self.limit)


@dataclass(frozen=True, slots=True)
class SearchesWithoutResult(Question):
    """The terms whose searches found nothing."""

    limit: int | None = None

    columns: ClassVar = ("term", "searches")

    def select(self, record: Record) -> Statement:
        """By term; the value of a search is the number of its results."""
        counted = searches(record)
        by_term = (
            select(counted.c.subject, func.count().label("searches"))
            .where(counted.c.value == 0)
            .group_by(counted.c.subject)
            .subquery()
        )
        return ranked(record, by_term, {"term": "subject"}, ("searches",), self.limit)


@dataclass(frozen=True, slots=True)
class SearchesWithoutClick(Question):
    """The terms after which nothing was opened, of searches whose session is known."""

    limit: int | None = 50

    columns: ClassVar = ("term", "searches", "withoutClick", "share")

    def select(self, record: Record) -> Statement:
        """By term."""
        each = rounds(record)
        left = func.count().filter(each.c.opened == 0)
        by_term = (
            select(each.c.term, func.count().label("searches"), left.label("withoutClick"))
            .group_by(each.c.term)
            .having(left > 0)
            .subquery()
        )
        return ranked(record, by_term, {"term": "term"}, ("withoutClick", "searches"), self.limit)

    def finish(
        self, rows: list[dict[str, Any]], scope: Scope, directory: Directory, bounds: Bounds
    ) -> list[dict[str, Any]]:
        """With the share of the term's searches."""
        return [{**row, "share": row["withoutClick"] / row["searches"]} for row in rows]


@dataclass(frozen=True, slots=True)
class SearchVolume(Question):
    """Searches in each piece of time, those without result, those without a click."""

    grain: Grain = Grain.DAY

    columns: ClassVar = ("date", "searches", "withoutResult", "withoutClick", "users")

    def select(self, record: Record) -> Statement:
        """By the number of the piece."""
        counted, each = searches(record), rounds(record)
        piece = record.bucket(counted, self.grain).label("piece")
        volume = (
            select(
                piece,
                func.count().label("searches"),
                func.count().filter(counted.c.value == 0).label("withoutResult"),
                func.count(counted.c.user_ref.distinct()).label("users"),
            )
            .group_by(piece)
            .subquery()
        )
        left = (
            select(record.bucket(each, self.grain).label("piece"), func.count().label("left_alone"))
            .where(each.c.opened == 0)
            .group_by("piece")
            .subquery()
        )
        return select(volume, func.coalesce(left.c.left_alone, 0).label("withoutClick")).outerjoin(
            left, left.c.piece == volume.c.piece
        )

    def finish(
        self, rows: list[dict[str, Any]], scope: Scope, directory: Directory, bounds: Bounds
    ) -> list[dict[str, Any]]:
        """Name the pieces, and fill the gaps."""
        return fill(rows, self.grain, scope, bounds, self.columns)


@dataclass(frozen=True, slots=True)
class SearchQuality(Question):
    """The search in one row.

    `meanRank` is that of the results opened; a refinement is a search that follows another one of
    its session, of which nothing was opened.
    """

    columns: ClassVar = (
        *("searches", "terms", "users", "withoutResult", "withoutClick"),
        *("opened", "meanRank", "refinements"),
    )

    def select(self, record: Record) -> Statement:
        """Three counts beside each other."""
        counted, each, found = searches(record), rounds(record), record.of("discover")
        volume = select(
            func.count().label("searches"),
            func.count(counted.c.subject.distinct()).label("terms"),
            func.count(counted.c.user_ref.distinct()).label("users"),
            func.count().filter(counted.c.value == 0).label("withoutResult"),
        ).subquery("volume")
        success = select(
            func.count().filter(each.c.opened == 0).label("withoutClick"),
            func.count().filter(_is_refined(each)).label("refinements"),
        ).subquery("success")
        opened = select(
            func.count().label("opened"), func.avg(found.c.value).label("meanRank")
        ).subquery("opened")
        return select(*volume.c, *success.c, *opened.c).select_from(
            volume.join(success, success.c.withoutClick >= 0).join(opened, opened.c.opened >= 0)
        )


@dataclass(frozen=True, slots=True)
class OpenedResults(Question):
    """Which results were opened, and at which rank on average."""

    limit: int | None = 50

    columns: ClassVar = ("subject", "to", "opened", "meanRank")

    def select(self, record: Record) -> Statement:
        """By title and target."""
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
    """Which term was tried after which, when nothing had been opened."""

    limit: int | None = 50

    columns: ClassVar = ("from", "to", "times")

    def select(self, record: Record) -> Statement:
        """By both terms."""
        each = rounds(record)
        counted = (
            select(each.c.before, each.c.term, func.count().label("times"))
            .where(_is_refined(each))
            .group_by(each.c.before, each.c.term)
            .subquery()
        )
        return ranked(record, counted, {"from": "before", "to": "term"}, ("times",), self.limit)


def _is_refined(each: Subquery) -> ColumnElement[bool]:
    return and_(each.c.before.is_not(None), each.c.opened_before == 0)
