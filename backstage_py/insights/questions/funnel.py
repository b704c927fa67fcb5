"""How many get from one thing to the next."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    case,
    func,
    null,
    select,
    union_all,
)

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.directory import Directory
from backstage_py.insights.events import Bounds
from backstage_py.insights.questions.question import Question
from backstage_py.insights.questions.templates import middle, to_seconds
from backstage_py.insights.record import Record
from backstage_py.insights.scope import Condition, Scope

MOST_STEPS = 8


class By(StrEnum):
    """Whose steps belong together."""

    USER = "user"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a funnel: an event that meets the conditions."""

    name: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Funnel(Question):
    """How many users, or sessions, took each step after the one before it.

    Other events may lie between. The last step has to be taken `within` so much time of the
    first; who tries several times counts with the try that gets furthest. `medianSeconds` is
    from the first step to this one, of each one's fastest try.

    Raises:
        AnalyticsError: If there are no steps, or too many.
    """

    steps: tuple[Step, ...]
    within: timedelta = timedelta(days=1)
    by: By = By.USER

    columns: ClassVar = ("step", "name", "count", "share", "medianSeconds")
    people: ClassVar = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.steps) <= MOST_STEPS:
            raise AnalyticsError("steps", f"are {len(self.steps)}", f"Use 1 to {MOST_STEPS}")

    def select(self, record: Record) -> Statement:
        """Give each event the latest first step that leads to it; count who has one."""
        starts = self._starts(record)
        taken = union_all(*(
            select(
                number(step).label("step"),
                starts.c.who,
                func.min(starts.c.moment - starts.c[f"start_{step}"]).label("took"),
            )
            .where(starts.c[f"start_{step}"].is_not(None))
            .group_by(starts.c.who)
            for step in range(1, len(self.steps) + 1)
        )).cte("taken")  # fmt: skip
        times = middle(taken, "step", "took")
        counts = select(taken.c.step, func.count().label("count")).group_by(taken.c.step).subquery()
        return (
            select(counts, times.c.median)
            .join(times, times.c.step == counts.c.step)
            .order_by(counts.c.step)
        )

    def finish(
        self, rows: list[dict[str, Any]], scope: Scope, directory: Directory, bounds: Bounds
    ) -> list[dict[str, Any]]:
        """All steps, those that nobody reached too."""
        found = {row["step"]: row for row in rows}
        first = found[1]["count"] if 1 in found else 0
        return [
            {
                "step": number_,
                "name": step.name,
                "count": found[number_]["count"] if number_ in found else 0,
                "share": found[number_]["count"] / first if number_ in found else 0.0,
                "medianSeconds": to_seconds(found[number_]["median"]) if number_ in found else None,
            }
            for number_, step in enumerate(self.steps, 1)
        ]

    def _starts(self, record: Record) -> FromClause:
        events = record.events
        who = events.c.user_ref if self.by is By.USER else events.c.session_id
        is_step = [
            and_(*(record.meets(events, condition) for condition in step.conditions))
            for step in self.steps
        ]
        marks = [
            case((test, number(1)), else_=number(0)).label(f"is_{step}")
            for step, test in enumerate(is_step, 1)
        ]
        rows: Any = (
            select(who.label("who"), events.c.moment, events.c.position, *marks)
            .where(who.is_not(None))
            .subquery()
        )
        rows = select(rows).where(_any(rows, len(self.steps))).subquery()
        start = case((rows.c.is_1 == 1, rows.c.moment), else_=null()).label("start_1")
        rows = select(rows, start).cte("reached_1")
        limit = number(self.within // timedelta(microseconds=1))
        for step in range(2, len(self.steps) + 1):
            latest = func.max(rows.c[f"start_{step - 1}"]).over(
                partition_by=rows.c.who,
                order_by=(rows.c.moment, rows.c.position),
                rows=(None, -1),
            )
            rows = select(rows, latest.label("latest")).cte(f"before_{step}")
            reached = and_(rows.c[f"is_{step}"] == 1, rows.c.moment - rows.c.latest <= limit)
            kept = [column for column in rows.c if column.key != "latest"]
            start = case((reached, rows.c.latest), else_=null()).label(f"start_{step}")
            rows = select(*kept, start).cte(f"reached_{step}")
        return rows


def _any(rows: Subquery, steps: int) -> ColumnElement[bool]:
    total: ColumnElement[Any] = rows.c.is_1
    for step in range(2, steps + 1):
        total += rows.c[f"is_{step}"]
    return total > 0
