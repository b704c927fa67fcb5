"""The funnel from opening a template to its result, and the ends of runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, FromClause, Subquery, and_, case, func, or_, select, union_all

from backstage_py.insights.dialects import Statement, number
from backstage_py.insights.questions.question import Question
from backstage_py.insights.questions.templates import ENDS
from backstage_py.insights.record import Record

OPENED = "Template has been opened"
STEP = "Next Step ("
FORM = "scaffolder/selected-template"
"""The `routeRef` of a template's form."""
STEPS_OF_ALL = ("Opened", "Form finished", "Created", "Finished")
_OPENED, _PASSED, _CREATED, _FINISHED = range(4)
"""The numbers of a visit's steps in the statement."""


@dataclass(frozen=True, slots=True)
class TemplateFunnel(Question):
    """The number of visits that opened a template, finished its form, started a run and saw it end.

    For one template, the pages of its form are separate steps, by their titles. A visit that
    reached a step also counts for all earlier ones, even if the window only shows the later one: a
    funnel never rises.
    A card's click does not say which template it opens, so for one template its form's page counts
    as opened. A run is finished when the next end of the same template for the same user is
    `completed`. `RunOutcomes` tells how the others ended.
    """

    template: str | None = None

    columns: ClassVar = ("step", "name", "sessions", "share")

    def select(self, record: Record) -> Statement:
        """Select the distinct steps of each visit."""
        events, engine = record.events, record.engine
        is_opened = and_(record.is_action(events, "click"), events.c.subject == engine.word(OPENED))
        is_step = and_(
            record.is_action(events, "click"), engine.matching(events.c.subject, _is_step)
        )
        of_visit = events.c.session_id.is_not(None)
        if self.template is None:
            opened = or_(is_opened, _is_form(record))
            is_chosen = of_visit
        else:
            opened = and_(_is_form(record), *_of_form(record, self.template))
            is_chosen = and_(of_visit, events.c.entity_ref == engine.word(self.template))
        openings = _did(record, events, _OPENED).where(of_visit, opened)
        steps = _did(record, events, _PASSED).where(is_step, is_chosen)
        runs = _runs(record, self.template)
        created = _did(record, runs, _CREATED).where(runs.c.session_id.is_not(None))
        finished = _did(record, runs, _FINISHED).where(
            runs.c.session_id.is_not(None), runs.c.end == engine.word("completed")
        )
        return select(union_all(openings, steps, created, finished).subquery())

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """List the steps in order, each with the number that got there or further."""
        pages = _count_pages(rows, record)
        names = self._names(pages, record)
        reached: dict[Any, int] = {}
        for row in rows:
            place = self._place(row, len(names) - 1, pages)
            reached[row["visit"]] = max(reached.get(row["visit"], 0), place)
        counts = [sum(place >= step for place in reached.values()) for step in range(len(names))]
        first = counts[0]
        return [
            {"step": step, "name": name, "sessions": count, "share": count / first if first else 0}
            for step, (name, count) in enumerate(zip(names, counts, strict=True), 1)
        ]

    def _names(self, pages: Mapping[str, int], record: Record) -> list[str]:
        if self.template is None:
            return list(STEPS_OF_ALL)
        ref = self.template.lower()
        titles = record.directory.form_pages_of.get(ref, ("",) * pages.get(ref, 0))
        named = [title or f"Page {number_}" for number_, title in enumerate(titles, 1)]
        return [STEPS_OF_ALL[0], *named, *STEPS_OF_ALL[2:]]

    def _place(self, row: Mapping[str, Any], last: int, pages: Mapping[str, int]) -> int:
        """The index of the step that an event shows, from 0; `last` is that of the last step."""
        if row["what"] != _PASSED:
            return {_OPENED: 0, _CREATED: last - 1, _FINISHED: last}[row["what"]]
        passed = step_number(row["subject"])
        if self.template is not None:
            return min(passed, last - 2)
        return int(passed >= max(1, pages.get(_ref_of(row), 1)))


@dataclass(frozen=True, slots=True)
class RunOutcomes(Question):
    """The ends of runs of one template, or of all; each run counts once.

    A run ends with the next `completed`, `failed` or `cancelled` of the same template for the same
    user; `open` is one without such an event, still running or of an anonymous user.
    """

    template: str | None = None

    columns: ClassVar = ("outcome", "runs", "share")

    def select(self, record: Record) -> Statement:
        """The statement; one row per end."""
        runs = _runs(record, self.template)
        counted = select(runs.c.end, func.count().label("runs")).group_by(runs.c.end).subquery()
        return select(record.text(counted.c.end).label("end"), counted.c.runs)

    def finish(self, rows: list[dict[str, Any]], record: Record) -> list[dict[str, Any]]:
        """List every outcome, including those of no run."""
        counts = {row["end"] or "open": row["runs"] for row in rows}
        total = sum(counts.values())
        return [
            {
                "outcome": outcome,
                "runs": counts.get(outcome, 0),
                "share": counts.get(outcome, 0) / total if total else 0.0,
            }
            for outcome in (*ENDS, "open")
        ]


def _runs(record: Record, template: str | None) -> Subquery:
    """Each `create` with the `end` of its run: the next event's action, if that is an end."""
    events = record.of("create", *ENDS)
    run, order = (events.c.user_ref, events.c.entity_ref), (events.c.moment, events.c.position)
    next_ = func.lead(events.c.action).over(partition_by=run, order_by=order)
    each = select(events, next_.label("next_action")).subquery()
    created = record.engine.word("create")
    is_ended = and_(each.c.user_ref.is_not(None), each.c.next_action != created)
    end = case((is_ended, each.c.next_action)).label("end")
    runs = select(each, end).where(each.c.action == created)
    if template is not None:
        runs = runs.where(each.c.entity_ref == record.engine.word(template))
    return runs.subquery()


def _did(record: Record, events: FromClause, what: int) -> Statement:
    return select(
        events.c.session_id.label("visit"),
        number(what).label("what"),
        record.text(events.c.subject).label("subject"),
        record.text(events.c.entity_ref).label("ref"),
    ).distinct()


def _count_pages(rows: list[dict[str, Any]], record: Record) -> dict[str, int]:
    """The number of pages of each template's form: the known number, else the number seen."""
    seen: dict[str, int] = {}
    for row in rows:
        if row["what"] == _PASSED:
            ref = _ref_of(row)
            seen[ref] = max(seen.get(ref, 0), step_number(row["subject"]))
    known = record.directory.form_pages_of
    return {**seen, **{ref: len(titles) for ref, titles in known.items()}}


def _ref_of(row: Mapping[str, Any]) -> str:
    return str(row["ref"] or "").lower()


def _is_form(record: Record) -> ColumnElement[bool]:
    events = record.events
    is_form = events.c.route_ref == record.engine.word(FORM)
    return and_(record.is_action(events, "navigate"), is_form)


def _of_form(record: Record, template: str) -> list[ColumnElement[bool]]:
    events, engine = record.events, record.engine
    namespace, _, name = template.partition(":")[2].partition("/")
    return [
        engine.key(events, "attributes", "namespace") == namespace,
        engine.key(events, "attributes", "name") == name,
    ]


def _is_step(text: ColumnElement[Any]) -> ColumnElement[bool]:
    return func.substr(text, 1, len(STEP)) == STEP


def step_number(name: str) -> int:
    """The number of filled-in pages of a form, from the click's subject; 0 without a number."""
    digits = name.removeprefix(STEP).rstrip(")")
    return int(digits) if digits.isascii() and digits.isdecimal() else 0
