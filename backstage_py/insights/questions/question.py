"""A question: its parameters, one definition for all engines, and the form of its rows."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, func, select

from backstage_py.insights.dialects import Statement, computed_once
from backstage_py.insights.record import Record, ordered
from backstage_py.insights.window import Window


class Question(ABC):
    """A frozen dataclass whose fields are the question's parameters.

    `columns` are the keys of its rows. `person` names the column with refs of users, `people` the
    one with the number of users of a row, and `is_of_groups` says whether rows are about groups of
    people: these are hidden if they are too small.
    """

    columns: ClassVar[tuple[str, ...]]
    person: ClassVar[str | None] = None
    people: ClassVar[str | None] = None
    is_of_groups: ClassVar[bool] = False
    group: ClassVar[str | None] = None
    """The column with the name of a group, shown even if its numbers are withheld."""
    needs_people: ClassVar[bool] = False
    """Whether it is only for viewers who may see people."""

    def widened(self, window: Window) -> Window:
        """The time of the answer: larger than requested if only whole intervals count."""
        return window

    @abstractmethod
    def select(self, record: Record) -> Statement:
        """The statement; its columns are the rows' keys, unless `finish` makes them."""

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Complete the counted rows: shares, empty intervals, names of dates."""
        return rows


def ranked(
    record: Record,
    counted: FromClause,
    texts: dict[str, str],
    by: Sequence[str],
    limit: int | None,
) -> Statement:
    """Rows of a grouped query, the largest first, ties sorted by their texts.

    Args:
        record: The record to query.
        counted: The grouped query.
        texts: Its columns with texts, by the keys of the rows.
        by: Its columns with numbers; the first decides.
        limit: The maximum number of rows.
    """
    if limit is not None:
        counted = _greatest(select(counted), by[0], limit, "groups_")
    shown = {key: record.text(counted.c[column]).label(key) for key, column in texts.items()}
    named = select(*shown.values(), *(counted.c[name] for name in by)).subquery()
    query = select(named).order_by(named.c[by[0]].desc(), *(ordered(named.c[key]) for key in texts))
    return query if limit is None else query.limit(limit)


def of_greatest(events: Subquery, keys: Sequence[str], limit: int | None) -> Subquery:
    """The events of the groups that may appear in a ranking by number.

    Slower counts, such as distinct users, need not be computed for the others.
    """
    if limit is None:
        return events
    columns = [events.c[key] for key in keys]
    counted = select(*columns, func.count().label("times")).group_by(*columns)
    shown = _greatest(counted, "times", limit, "frequent")
    is_same = and_(*(events.c[key].is_not_distinct_from(shown.c[key]) for key in keys))
    return select(events).join(shown, is_same).subquery()


def _greatest(counted: Statement, by: str, limit: int, name: str) -> FromClause:
    """The groups that may be shown, including ties with the last, which texts decide."""
    groups = computed_once(counted, name)
    shown = select(groups.c[by]).order_by(groups.c[by].desc()).limit(limit).subquery()
    least = select(func.min(shown.c[by])).scalar_subquery()
    return select(groups).where(groups.c[by] >= least).subquery()


def count_users(
    events: FromClause, *by: ColumnElement[Any], further: Sequence[ColumnElement[Any]] = ()
) -> Statement:
    """Events and distinct users of each group, as `events` and `users`.

    Grouped twice, since engines count rows faster than distinct values.
    """
    keys = [column.label(f"key_{index}") for index, column in enumerate(by)]
    each = (
        select(*keys, events.c.user_ref.label("person"), func.count().label("times"), *further)
        .group_by(*keys, events.c.user_ref)
        .subquery()
    )
    sums = [func.sum(each.c[column.key]).label(column.key) for column in further if column.key]
    return select(
        *(each.c[key.key].label(key.key) for key in keys),
        func.sum(each.c.times).label("events"),
        func.count(each.c.person).label("users"),
        *sums,
    ).group_by(*(each.c[key.key] for key in keys))
