"""Weekly cohorts: the users who come back."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import func, select

from backstage_py.insights.buckets import label, whole_pieces
from backstage_py.insights.dialects import Statement
from backstage_py.insights.questions.question import Question
from backstage_py.insights.record import Record
from backstage_py.insights.window import Grain, Window


@dataclass(frozen=True, slots=True)
class Retention(Question):
    """The number of users first active in a week who were active in later weeks.

    The first week is that of the whole record; `cohort` is its Monday, `users` its size. Weeks
    without active users have a row too, if they began in the window.
    """

    weeks: int = 12

    columns: ClassVar = ("cohort", "users", "week", "active", "share")

    def widened(self, window: Window) -> Window:
        """The window in whole weeks."""
        return whole_pieces(window, Grain.WEEK)

    def select(self, record: Record) -> Statement:
        """The statement; one row per first week and weeks since."""
        events = record.visits(None)
        piece = record.bucket(events, Grain.WEEK).label("piece")
        each = (
            select(piece, events.c.user_ref.label("person"))
            .where(events.c.user_ref.is_not(None))
            .distinct()
            .subquery()
        )
        first = func.min(each.c.piece).over(partition_by=each.c.person).label("first")
        weeks = select(each.c.piece, first).subquery()
        age = (weeks.c.piece - weeks.c.first).label("age")
        return select(weeks.c.first, age, func.count().label("active")).group_by(weeks.c.first, age)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """List the cohorts of the window, with a row for each week."""
        active = {(row["first"], row["age"]): row["active"] for row in rows}
        pieces = record.pieces(Grain.WEEK)
        cohorts = [first for first in pieces if (first, 0) in active]
        return [
            {
                "cohort": label(first, Grain.WEEK),
                "users": active[first, 0],
                "week": week,
                "active": active.get((first, week), 0),
                "share": active.get((first, week), 0) / active[first, 0],
            }
            for first in cohorts
            for week in range(min(self.weeks, pieces.stop - first - 1) + 1)
        ]
