"""Runs of software templates: what they save, how they end, and where people drop off.

A run is the `create` of the person who started it. Its end is an event of the server (`completed`,
`failed`, `cancelled`), without a session, with the `taskId` in its context; a task ends once, even
if its user captures `cancelled` too.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, func, select

from backstage_py.insights.buckets import SECOND, fill
from backstage_py.insights.dialects import Statement
from backstage_py.insights.questions.question import Question, ranked
from backstage_py.insights.record import Record
from backstage_py.insights.window import Grain

ENDS = ("completed", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Templates(Question):
    """Runs of each template (`create` events) and the minutes that they saved (their values)."""

    limit: int | None = None

    columns: ClassVar = ("entityRef", "runs", "minutesSaved")

    def select(self, record: Record) -> Statement:
        """Group by the template's ref."""
        runs = record.of("create")
        counted = (
            select(
                runs.c.entity_ref,
                func.count().label("runs"),
                func.coalesce(func.sum(runs.c.value), 0).label("minutesSaved"),
            )
            .group_by(runs.c.entity_ref)
            .subquery()
        )
        return ranked(
            record, counted, {"entityRef": "entity_ref"}, ("runs", "minutesSaved"), self.limit
        )


@dataclass(frozen=True, slots=True)
class TimeSaved(Question):
    """Runs and minutes saved in each interval."""

    grain: Grain = Grain.WEEK

    columns: ClassVar = ("date", "runs", "minutesSaved")

    def select(self, record: Record) -> Statement:
        """The statement; one row per interval."""
        runs = record.of("create")
        piece = record.bucket(runs, self.grain).label("piece")
        saved = func.coalesce(func.sum(runs.c.value), 0).label("minutesSaved")
        return select(piece, func.count().label("runs"), saved).group_by(piece)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Name the intervals, and fill the gaps."""
        return fill(rows, self.columns, self.grain, record.pieces(self.grain))


@dataclass(frozen=True, slots=True)
class TimeSavedByTeam(Question):
    """Runs and minutes saved by members of each team; people in several count in each."""

    columns: ClassVar = ("team", "users", "runs", "minutesSaved")
    people: ClassVar = "users"
    is_of_groups: ClassVar = True
    group: ClassVar = "team"

    def select(self, record: Record) -> Statement:
        """The statement; one row per team."""
        runs, teams = record.of("create"), record.engine.teams
        return (
            select(
                teams.c.team.label("team"),
                func.count(runs.c.user_ref.distinct()).label("users"),
                func.count().label("runs"),
                func.coalesce(func.sum(runs.c.value), 0).label("minutesSaved"),
            )
            .join_from(runs, teams, teams.c.user_ref == runs.c.user_ref)
            .group_by(teams.c.team)
        )

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Sort the largest first."""
        return sorted(rows, key=lambda row: (-row["minutesSaved"], -row["runs"], row["team"]))


@dataclass(frozen=True, slots=True)
class TemplateOutcomes(Question):
    """The ends and durations of each template's runs.

    `medianSeconds` is from a `create` to the next end of the same template for the same user.
    """

    limit: int | None = None

    columns: ClassVar = (
        *("entityRef", "created", "completed", "failed", "cancelled"),
        *("medianSeconds", "minutesSaved"),
    )

    def select(self, record: Record) -> Statement:
        """Group by the template's ref."""
        runs = record.of("create", *ENDS)
        created = record.is_action(runs, "create")
        each = select(
            runs, record.engine.key(runs, "context", "taskId").label("task"), created.label("began")
        ).subquery()
        counted = (
            select(
                each.c.entity_ref,
                func.count().filter(each.c.began).label("created"),
                *(_ended(record, each, end).label(end) for end in ENDS),
                func.coalesce(func.sum(each.c.value).filter(each.c.began), 0).label("minutesSaved"),
            )
            .group_by(each.c.entity_ref)
            .subquery()
        )
        times = _medians(record, runs)
        same = counted.c.entity_ref.is_not_distinct_from(times.c.entity_ref)
        both = select(counted, times.c.median).outerjoin_from(counted, times, same).subquery()
        numbers = ("created", *ENDS, "median", "minutesSaved")
        return ranked(record, both, {"entityRef": "entity_ref"}, numbers, self.limit)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """Convert microseconds to seconds."""
        return [{**row, "medianSeconds": to_seconds(row["median"])} for row in rows]


def _ended(record: Record, each: Subquery, end: str) -> ColumnElement[int]:
    """The number of tasks that ended this way; an event without a task counts as one."""
    is_end = record.is_action(each, end)
    return func.count(each.c.task.distinct()).filter(is_end) + func.count().filter(
        and_(is_end, each.c.task.is_(None))
    )


def _medians(record: Record, runs: Subquery) -> Subquery:
    run, order = (runs.c.user_ref, runs.c.entity_ref), (runs.c.moment, runs.c.position)
    next_ = func.lead(runs.c.moment).over(partition_by=run, order_by=order)
    next_action = func.lead(runs.c.action).over(partition_by=run, order_by=order)
    steps = select(
        runs.c.entity_ref,
        runs.c.user_ref,
        runs.c.action,
        next_action.label("next_action"),
        (next_ - runs.c.moment).label("took"),
    ).subquery()
    created = record.engine.word("create")
    ended = (
        select(steps.c.entity_ref, steps.c.took)
        .where(
            steps.c.user_ref.is_not(None),
            steps.c.action == created,
            steps.c.next_action != created,
        )
        .subquery()
    )
    return middle(ended, "entity_ref", "took")


def middle(rows: FromClause, by: str, value: str) -> Subquery:
    """The lower median of a column in each group, as `median`; equal in every database."""
    place = func.row_number().over(partition_by=rows.c[by], order_by=rows.c[value])
    size = func.count().over(partition_by=rows.c[by])
    placed = select(rows, place.label("place"), size.label("size")).subquery()
    is_middle = and_(placed.c.place * 2 >= placed.c.size, placed.c.place * 2 <= placed.c.size + 1)
    return select(placed.c[by], placed.c[value].label("median")).where(is_middle).subquery()


def to_seconds(microseconds: float | None) -> float | None:
    """Convert microseconds to seconds, in thousandths."""
    return None if microseconds is None else round(microseconds / SECOND, 3)
