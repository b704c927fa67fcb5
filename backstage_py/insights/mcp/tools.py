"""The tools of `/mcp` in plain Python, without the protocol."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from backstage_py.analytics import AnalyticsError, AnalyticsEvent, Clock, format_time, parse_time
from backstage_py.insights.annotations.annotation import Annotation
from backstage_py.insights.annotations.annotations import Annotations
from backstage_py.insights.answer import Answer, Trust
from backstage_py.insights.callers import INSIGHTS_READ, MANAGE, Caller
from backstage_py.insights.changes.before_after import compare_around
from backstage_py.insights.directory import Directory
from backstage_py.insights.insights import Insights
from backstage_py.insights.questions.catalogue import QUESTIONS, find_question
from backstage_py.insights.questions.explorer import Explore
from backstage_py.insights.questions.overview import Totals
from backstage_py.insights.questions.question import Question
from backstage_py.insights.record import FIELDS
from backstage_py.insights.scope import Condition, Operator, Sample, Scope
from backstage_py.insights.viewer import Viewer
from backstage_py.insights.window import Window

_logger = logging.getLogger(__name__)

DEFAULT_DAYS = 28
DEFAULT_ROWS = 50
MOST_ROWS = 1_000
MOST_EVENTS = 100
MOST_MARKS = 50
"""Annotations that are listed, the newest ones."""
MOST_PARTS = 10
"""The maximum number of values that a question is broken down by."""
_CONTEXT = {"pluginId": "insights", "extension": "McpServer", "routeRef": "mcp"}

Capture = Callable[[AnalyticsEvent, str | None], None]
"""Records an event of a user."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The scope of a call.

    `since` is inclusive, `until` exclusive; both are dates or times. Without them, the last 28 days
    of the zone, including today.
    """

    since: str | None = None
    until: str | None = None
    zone: str = "UTC"
    filters: Sequence[Condition] = ()
    with_sample: bool = True
    with_robots: bool = False

    def to_scope(self, now: datetime) -> Scope:
        """The scope.

        Raises:
            AnalyticsError: If a time or the zone is wrong; it names it.
        """
        until = parse_time("until", self.until) if self.until else None
        if self.since:
            window = Window(parse_time("since", self.since), until or now, self.zone)
        else:
            last = now if until is None else until - timedelta(microseconds=1)
            window = Window.last_days(DEFAULT_DAYS, now=last, zone=self.zone)
        sample = Sample.ALL if self.with_sample else Sample.WITHOUT
        return Scope(window, tuple(self.filters), sample, self.with_robots)


class InsightsTools:
    """The tools, for callers who may see Insights; usable from any thread.

    Each call is recorded with `origin: agent`. Every method raises AnalyticsError, which says how
    to fix the call, and `sqlalchemy.exc.SQLAlchemyError` if the store does not answer.

    Args:
        get_insights: Returns the Insights to query; called at the first call.
        annotations: The annotations that `annotate` adds to.
        directory: The facts about people and entities, with or without sample data.
        capture: Records a call.
        clock: The current time.
    """

    def __init__(
        self,
        get_insights: Callable[[], Insights],
        annotations: Annotations,
        *,
        directory: Callable[[Sample], Directory],
        capture: Capture,
        clock: Clock,
    ) -> None:
        self._get_insights = get_insights
        self._annotations = annotations
        self._directory = directory
        self._capture_event = capture
        self._clock = clock

    def list_questions(self, caller: Caller) -> dict[str, Any]:
        """Every question with its parameters, and the fields to filter by."""
        _require_viewer(caller)
        self._capture(caller, "list_questions", {})
        return {
            "questions": [
                {
                    "name": one.name,
                    "answers": one.answers,
                    "columns": one.columns,
                    "parameters": one.schema.get("properties", {}),
                }
                for one in QUESTIONS.values()
            ],
            "fields": list(FIELDS),
            "operators": [str(one) for one in Operator],
            "annotations": [one.to_wire() for one in self._annotations.list()[-MOST_MARKS:]],
        }

    def ask(
        self,
        caller: Caller,
        question: str,
        asked: Asked,
        *,
        parameters: Mapping[str, Any],
        break_down: str | None = None,
    ) -> dict[str, Any]:
        """The answer to a question, as the caller may see it.

        Args:
            caller: The caller.
            question: A name of `list_questions`.
            asked: The scope.
            parameters: The question's parameters.
            break_down: A field; the question is then answered for each of its ten most frequent
                values, which come first in the rows.
        """
        viewer = _require_viewer(caller)
        built = _with_limit(find_question(question).build(parameters))
        scope = asked.to_scope(self._clock())
        self._capture(caller, "ask", {"question": question})
        if break_down is None:
            return self._answer(built, scope, viewer, question)
        return self._answer_parts(built, scope, viewer, question, break_down)

    def events(
        self, caller: Caller, asked: Asked, *, cursor: int | None, limit: int
    ) -> dict[str, Any]:
        """The events behind a number, the newest first, at most 100 at once."""
        viewer = _require_viewer(caller)
        if not 1 <= limit <= MOST_EVENTS:
            raise AnalyticsError("limit", f"is {limit}", f"Use 1 to {MOST_EVENTS}")
        scope = asked.to_scope(self._clock())
        self._capture(caller, "events", {})
        page = self._get_insights().events(
            scope,
            directory=self._directory(scope.sample),
            viewer=viewer,
            cursor=cursor,
            limit=limit,
        )
        return {
            "window": _write_window(scope.window),
            "total": page.total,
            "events": [dict(row) for row in page.rows],
            "nextCursor": page.next_cursor,
            "leftOut": self._left_out(scope, viewer, hidden=0),
            "sql": page.sql,
        }

    def before_after(
        self,
        caller: Caller,
        asked: Asked,
        *,
        annotation: str | None = None,
        version: str | None = None,
        at: str | None = None,
        days: int = 7,
    ) -> dict[str, Any]:
        """The headline numbers after a moment, and on the same weekdays before it.

        Args:
            caller: Who asks.
            asked: Of which events; its time does not matter.
            annotation: The id of an annotation.
            version: A version of the app, instead of an annotation.
            at: A time, instead of either.
            days: How long after it is looked at, in days.
        """
        viewer = _require_viewer(caller)
        text, moment = self._find_moment(annotation, version, at)
        scope, now = asked.to_scope(self._clock()), self._clock()
        self._capture(caller, "before_after", {})
        found = compare_around(
            lambda question, narrowed: self._ask(question, narrowed, viewer),
            scope,
            moment,
            now=now,
            days=days,
        )
        after = replace(
            scope, window=Window(moment, min(now, moment + timedelta(days=days)), asked.zone)
        )
        answer = self._ask(Totals(), after, viewer)
        return {
            "about": text,
            "at": format_time(moment),
            "window": _write_window(after.window),
            "numbers": [one.to_wire() for one in found],
            "events": self._trust(after, viewer).events,
            "leftOut": self._left_out(after, viewer, answer.hidden),
            "sql": answer.sql,
        }

    def _find_moment(
        self, annotation: str | None, version: str | None, at: str | None
    ) -> tuple[str, datetime]:
        """What a comparison is about, and when it happened."""
        if at:
            return at, parse_time("at", at)
        hint = "See the annotations of list_questions"
        if version:
            found = self._annotations.find_version(version)
            if found is None:
                raise AnalyticsError("version", f"{version[:60]!r} was not seen", hint)
            return found.text, found.at
        found = self._annotations.find(annotation) if annotation else None
        if found is None:
            problem = f"{annotation[:60]!r} is unknown" if annotation else "is missing"
            raise AnalyticsError("annotation", problem, hint)
        return found.text, found.at

    def annotate(self, caller: Caller, text: str, at: str | None, tags: Sequence[str]) -> Any:
        """Add an annotation to every chart, if the caller may."""
        if not caller.may_annotate:
            raise AnalyticsError("annotate", "is not allowed", f"Ask the owner for {MANAGE}")
        moment = parse_time("at", at) if at else self._clock()
        made = Annotation(at=moment, text=text, tags=tuple(tags), author=caller.user)
        kept = self._annotations.add(made)
        self._capture(caller, "annotate", {})
        return kept.to_wire()

    def _answer(
        self, question: Question, scope: Scope, viewer: Viewer, name: str
    ) -> dict[str, Any]:
        answer = self._ask(question, scope, viewer)
        return {
            "question": name,
            "window": _write_window(answer.scope.window),
            "columns": list(answer.columns),
            "rows": [{key: plain(row[key]) for key in answer.columns} for row in answer.rows],
            "rowCount": len(answer.rows),
            "incomplete": dict(answer.partial),
            "events": self._trust(answer.scope, viewer).events,
            "leftOut": {
                **self._left_out(answer.scope, viewer, answer.hidden),
                "withheld": list(answer.withheld),
            },
            "sql": answer.sql,
        }

    def _answer_parts(
        self, question: Question, scope: Scope, viewer: Viewer, name: str, field: str
    ) -> dict[str, Any]:
        """The question for each of the most frequent values of a field."""
        parts = self._ask(Explore(dimensions=(field,), limit=MOST_PARTS), scope, viewer)
        values = [row[field] for row in parts.rows if row[field] is not None]
        rows: list[dict[str, Any]] = []
        hidden, sql = parts.hidden, parts.sql
        for value in values:
            narrowed = scope.narrowed(Condition(field, Operator.IS, (value,)))
            answer = self._ask(question, narrowed, viewer)
            rows += [{field: value, **{k: plain(row[k]) for k in row}} for row in answer.rows]
            hidden, sql = hidden + answer.hidden, answer.sql
        return {
            "question": name,
            "window": _write_window(scope.window),
            "columns": [field, *question.columns],
            "rows": rows[:MOST_ROWS],
            "rowCount": len(rows),
            "events": self._trust(scope, viewer).events,
            "leftOut": self._left_out(scope, viewer, hidden),
            "sql": sql,
        }

    def _ask(self, question: Question, scope: Scope, viewer: Viewer) -> Answer:
        directory = self._directory(scope.sample)
        return self._get_insights().ask(question, scope, directory=directory, viewer=viewer)

    def _trust(self, scope: Scope, viewer: Viewer) -> Trust:
        directory = self._directory(scope.sample)
        return self._get_insights().trust(scope, directory=directory, viewer=viewer)

    def _left_out(self, scope: Scope, viewer: Viewer, hidden: int) -> dict[str, Any]:
        trust = self._trust(scope, viewer)
        return {
            "sampleEvents": trust.sample,
            "robotEvents": trust.robots,
            "smallGroups": hidden,
            "smallestGroup": 1 if viewer.sees_people else viewer.smallest_group,
            "refusedRobots": trust.refused_robots,
            "rejected": trust.rejected,
            "droppedInBrowser": trust.dropped_in_browser,
            "deadLetters": trust.dead_letters,
            "undelivered": trust.undelivered,
        }

    def _capture(self, caller: Caller, tool: str, attributes: Mapping[str, str]) -> None:
        event = AnalyticsEvent(
            action="call", subject=tool, attributes=attributes or None, context=_CONTEXT
        )
        user = caller.user if caller.user and caller.user.startswith("user:") else None
        try:
            self._capture_event(event, user)
        except AnalyticsError as error:
            _logger.warning("A call of an agent is not recorded: %s", error)


def plain(value: Any) -> Any:
    """A value for JSON: a whole number without a fraction, text for other types."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _require_viewer(caller: Caller) -> Viewer:
    if caller.viewer is None:
        hint = f"Ask the portal's owner for {INSIGHTS_READ}"
        raise AnalyticsError("insights", "is not for you", hint)
    return caller.viewer


def _with_limit(question: Question) -> Question:
    """The question with its limit: at most a thousand rows, fifty by default."""
    if not hasattr(question, "limit"):
        return question
    changeable = cast("Any", question)
    return replace(changeable, limit=min(changeable.limit or DEFAULT_ROWS, MOST_ROWS))


def _write_window(window: Window) -> dict[str, str | None]:
    ends = {"since": window.since, "until": window.until}
    written = {name: end and format_time(end) for name, end in ends.items()}
    return {**written, "zone": window.zone}
