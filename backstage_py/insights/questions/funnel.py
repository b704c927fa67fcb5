"""Funnels: how many users or visits get from one step to the next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    FromClause,
    Subquery,
    cast,
    func,
    null,
    select,
    union_all,
)

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.dialects import Statement, computed_once, latest, number
from backstage_py.insights.questions.question import Question
from backstage_py.insights.questions.templates import middle, to_seconds
from backstage_py.insights.record import Record
from backstage_py.insights.scope import Condition

MOST_STEPS = 8


class By(StrEnum):
    """The unit whose steps are counted together."""

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

    Other events may lie between. The last step has to be taken `within` this time of the first; of
    several tries, the one that gets furthest counts. `medianSeconds` is the time from the first
    step to this one, for each user's or session's fastest try.

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
        taken = union_all(*(
            select(
                number(step).label("step"),
                reached.c.who,
                func.min(reached.c.moment - reached.c.start).label("took"),
            ).group_by(reached.c.who)
            for step, reached in enumerate(self._reached(record), 1)
        )).cte("taken")  # fmt: skip
        times = middle(taken, "step", "took")
        counts = select(taken.c.step, func.count().label("count")).group_by(taken.c.step).subquery()
        return (
            select(counts, times.c.median)
            .join(times, times.c.step == counts.c.step)
            .order_by(counts.c.step)
        )

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """All steps, including those that nobody reached."""
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

    def _reached(self, record: Record) -> Iterator[FromClause]:
        """The events of each step, each with its latest `start`."""
        limit = number(self.within // timedelta(microseconds=1))
        first = self._events(record, self.steps[0])
        reached = computed_once(select(first, first.c.moment.label("start")), "reached_1")
        yield reached
        for step, definition in enumerate(self.steps[1:], 2):
            candidates = self._events(record, definition)
            both = union_all(
                select(reached, number(0).label("is_step")),
                select(candidates, cast(null(), BigInteger), number(1)),
            ).subquery()
            start = latest(both.c.start).over(
                partition_by=both.c.who,
                order_by=(both.c.moment, both.c.position, both.c.is_step.desc()),
                rows=(None, -1),
            )
            columns = (both.c.who, both.c.moment, both.c.position)
            each = select(*columns, start.label("start"), both.c.is_step).subquery()
            in_time = each.c.moment - each.c.start <= limit
            kept = (each.c.who, each.c.moment, each.c.position, each.c.start)
            query = select(*kept).where(each.c.is_step == 1, in_time)
            reached = computed_once(query, f"reached_{step}")
            yield reached

    def _events(self, record: Record, step: Step) -> Subquery:
        events = record.events
        who = events.c.user_ref if self.by is By.USER else events.c.session_id
        wanted = [record.meets(events, condition) for condition in step.conditions]
        return (
            select(who.label("who"), events.c.moment, events.c.position)
            .where(who.is_not(None), *wanted)
            .subquery()
        )
