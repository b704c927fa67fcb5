"""The events of a scope in one engine, for questions to query."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from backstage_py.analytics import AnalyticsError, Scalar
from backstage_py.insights.buckets import bucket, has_quarters, pieces_of, to_moment
from backstage_py.insights.dialects import Statement, bytewise, text_position
from backstage_py.insights.directory import Directory
from backstage_py.insights.events import Bounds, Engine, visits_of
from backstage_py.insights.normal import lower_ascii, page_path, search_term
from backstage_py.insights.scope import Condition, Operator, Sample, Scope
from backstage_py.insights.window import Grain

_FIELDS: Mapping[str, str] = {
    "action": "action",
    "subject": "subject",
    "pluginId": "plugin_id",
    "extension": "extension",
    "routeRef": "route_ref",
    "user": "user_ref",
    "origin": "origin",
    "appVersion": "app_version",
    "path": "path",
    "term": "term",
    "to": "link_to",
    "entityRef": "entity_ref",
}
_NORMAL: Mapping[str, Callable[[str], str]] = {"path": page_path, "term": search_term}
KINDS = ("attributes", "context")
FIELDS = (*_FIELDS, "session", "team", "value", "attributes.KEY", "context.KEY")
_SET = {Operator.IS_SET, Operator.IS_NOT_SET}
_NUMBERS = {Operator.ABOVE, Operator.BELOW}


class Record:
    """The events of a scope; `bounds` are those of all events."""

    def __init__(self, engine: Engine, scope: Scope, bounds: Bounds) -> None:
        self.engine = engine
        self.scope = scope
        window = scope.window
        first = bounds.first if window.since is None else to_moment(window.since)
        end = bounds.after_last if window.until is None else to_moment(window.until)
        self.bounds = Bounds(first, max(first, end))
        self.data = Bounds(min(bounds.first, first), max(bounds.after_last, self.bounds.after_last))
        self.events = self.since(self.bounds.first)

    def since(self, first: int | None) -> Subquery:
        """The events from a moment to the window's end; None for all before it."""
        return self._select(self.engine.events(first, self.bounds.after_last)).subquery("events")

    def visits(self, first: int | None) -> Subquery:
        """The same events as rows that summarise parts of visits: see `VISIT_COLUMNS`.

        Precomputed counts are used if the engine has them and no condition needs more.
        """
        counted = None
        if not self.scope.conditions and has_quarters(self.scope.window.tzinfo, self.data):
            counted = self.engine.visits(first, self.bounds.after_last)
        if counted is None:
            return visits_of(self.since(first), self.engine).subquery("visits")
        return select(counted).where(*self._is_wanted(counted)).subquery("visits")

    def of(self, *actions: str, events: FromClause | None = None) -> Subquery:
        """The events with one of these actions."""
        events = self.events if events is None else events
        words = [self.engine.word(action) for action in actions]
        wanted = events.c.action == words[0] if len(words) == 1 else events.c.action.in_(words)
        return select(events).where(wanted).subquery()

    def is_action(self, events: FromClause, action: str) -> ColumnElement[bool]:
        """Whether an event has this action."""
        return events.c.action == self.engine.word(action)

    def bucket(self, events: FromClause, grain: Grain) -> ColumnElement[int]:
        """The number of the interval of an event."""
        return bucket(events.c.moment, grain, self.scope.window.tzinfo, self.data)

    def pieces(self, grain: Grain) -> range:
        """The numbers of the intervals in the window."""
        return pieces_of(self.bounds, grain, self.scope.window.tzinfo)

    @property
    def directory(self) -> Directory:
        """The facts about people and entities."""
        return self.engine.directory

    def text(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """A column's text."""
        return self.engine.text(column)

    def dimension(self, events: FromClause, field: str) -> ColumnElement[Any]:
        """The text of the field that events are grouped by.

        Raises:
            AnalyticsError: If there is no such field.
        """
        kind, _, key = field.partition(".")
        if kind in KINDS and key:
            return self.engine.key(events, kind, key)
        if field not in _FIELDS:
            raise _unknown_field(field)
        return events.c[_FIELDS[field]]

    def meets(self, events: FromClause, condition: Condition) -> ColumnElement[bool]:
        """Whether events meet a condition.

        Raises:
            AnalyticsError: If there is no such field, or its operator does not fit.
        """
        field, operator = condition.field, condition.operator
        if field == "value" or operator in _NUMBERS:
            return self._compare_number(events, condition)
        if field == "team":
            return self._is_of_team(events, condition)
        kind, _, key = field.partition(".")
        if kind in KINDS and key:
            column = self.engine.key(events, kind, key)
            return _compare(column, condition, lambda text: text, lambda test: test(column))
        if field == "session":
            column = events.c.session_id
            return _compare(column, condition, self.engine.session, _no_text_of_sessions)
        if field not in _FIELDS:
            raise _unknown_field(field)
        column = events.c[_FIELDS[field]]
        if field in _NORMAL:
            condition = _normalised(condition)
        return _compare(
            column, condition, self.engine.word, lambda test: self.engine.matching(column, test)
        )

    def outside(self, conditions: Sequence[Condition]) -> Subquery:
        """The events of the window that some of these conditions left out, and no others."""
        kept = tuple(one for one in self.scope.conditions if one not in conditions)
        wider = Record(self.engine, replace(self.scope, conditions=kept), self.data).events
        meets = and_(true(), *(self.meets(wider, one) for one in conditions))
        return select(wider).where(not_(func.coalesce(meets, false()))).subquery()

    def left_out(self) -> Statement:
        """The numbers of events in the window that the scope left out: sample data, and robots."""
        events = self.engine.events(self.bounds.first, self.bounds.after_last)
        return select(
            func.count().filter(events.c.is_sample).label("sample"),
            func.count().filter(events.c.is_robot).label("robots"),
        )

    def _select(self, events: FromClause) -> Statement:
        return select(events).where(
            *self._is_wanted(events),
            *(self.meets(events, condition) for condition in self.scope.conditions),
        )

    def _is_wanted(self, events: FromClause) -> list[ColumnElement[bool]]:
        """The condition that excludes sample data or robots as the scope requires."""
        scope = self.scope
        wanted: list[ColumnElement[bool]] = []
        if scope.sample is not Sample.ALL:
            is_sample = events.c.is_sample
            wanted.append(is_sample if scope.sample is Sample.ONLY else not_(is_sample))
        if not scope.with_robots:
            wanted.append(not_(events.c.is_robot))
        return wanted

    def _compare_number(self, events: FromClause, condition: Condition) -> ColumnElement[bool]:
        if condition.field != "value":
            raise _wrong_operator(condition)
        column = events.c.value
        if condition.operator in _SET:
            return (
                column.is_(None) if condition.operator is Operator.IS_NOT_SET else ~column.is_(None)
            )
        numbers = [_to_number(condition, value) for value in condition.values]
        match condition.operator:
            case Operator.ABOVE:
                return column > numbers[0]
            case Operator.BELOW:
                return column < numbers[0]
            case Operator.IS:
                return column.in_(numbers)
            case Operator.IS_NOT:
                return or_(column.is_(None), column.not_in(numbers))
            case _:
                raise _wrong_operator(condition)

    def _is_of_team(self, events: FromClause, condition: Condition) -> ColumnElement[bool]:
        teams = self.engine.teams
        members = select(teams.c.user_ref)
        inside = {Operator.IS, Operator.IS_SET}
        if condition.operator not in inside | {Operator.IS_NOT, Operator.IS_NOT_SET}:
            raise _wrong_operator(condition)
        if condition.operator not in _SET:
            members = members.where(teams.c.team.in_([str(value) for value in condition.values]))
        user = events.c.user_ref
        if condition.operator in inside:
            return user.in_(members)
        return or_(user.is_(None), user.not_in(members.where(~teams.c.user_ref.is_(None))))


def ordered(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A text column to sort by: the same order in every database, missing values last."""
    return bytewise(column).asc().nulls_last()


def _normalised(condition: Condition) -> Condition:
    """A condition with its texts normalized like the column."""
    is_whole = condition.operator in {Operator.IS, Operator.IS_NOT}
    write = _NORMAL[condition.field] if is_whole else lower_ascii
    return replace(condition, values=tuple(write(str(value)) for value in condition.values))


def _compare(
    column: ColumnElement[Any],
    condition: Condition,
    word: Callable[[str], Any],
    matching: Callable[[Callable[[ColumnElement[Any]], ColumnElement[bool]]], ColumnElement[bool]],
) -> ColumnElement[bool]:
    texts = [_to_text(value) for value in condition.values]
    match condition.operator:
        case Operator.IS_SET:
            return ~column.is_(None)
        case Operator.IS_NOT_SET:
            return column.is_(None)
        case Operator.IS:
            return column.in_([word(text) for text in texts])
        case Operator.IS_NOT:
            return or_(column.is_(None), column.not_in([word(text) for text in texts]))
        case Operator.CONTAINS:
            tests = [matching(_containing(text)) for text in texts]
        case Operator.BEGINS:
            tests = [matching(_beginning(text)) for text in texts]
        case _:
            raise _wrong_operator(condition)
    return or_(false(), *tests)


def _containing(part: str) -> Callable[[ColumnElement[Any]], ColumnElement[bool]]:
    return lambda text: text_position(text, part) > 0


def _beginning(part: str) -> Callable[[ColumnElement[Any]], ColumnElement[bool]]:
    return lambda text: func.substr(text, 1, len(part)) == part


def _no_text_of_sessions(_test: object) -> ColumnElement[bool]:
    raise AnalyticsError("session", "cannot be searched as text", "Compare it with is or is not")


def _to_text(value: Scalar) -> str:
    """The text of a key's value in JSON."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _to_number(condition: Condition, value: Scalar) -> float:
    try:
        return float(value)
    except ValueError:
        raise AnalyticsError(
            condition.field, f"{value!r} is not a number", "Use a number"
        ) from None


def _unknown_field(field: str) -> AnalyticsError:
    return AnalyticsError("field", f"{field[:60]!r} is unknown", f"Use one of {', '.join(FIELDS)}")


def _wrong_operator(condition: Condition) -> AnalyticsError:
    return AnalyticsError(
        condition.field, f"cannot be compared by {condition.operator.value}", "Use another operator"
    )
