"""Questions that users build: a funnel, or a query of the explorer.

Both are in the page's address; lists are JSON.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backstage_py.insights import By, Condition, Explore, Funnel, Grain, Measure, Step
from backstage_py.insights import Operator as Op
from backstage_py.insights.ui.page_query import WHERE, PageQuery
from backstage_py.insights.ui.tiles import Chart, Column, Kind

MAX_STEPS = 8
MAX_CONDITIONS = 8
MAX_DIMENSIONS = 3
MAX_ROWS = 100
MAX_SERIES = 6
"""Lines that one can tell apart."""
MAX_DAYS = 365
FIRST_STEPS = ("search", "discover", "create")
FIRST_DAYS = 7

MEASURES = {
    Measure.EVENTS: "Events",
    Measure.USERS: "People",
    Measure.SESSIONS: "Visits",
    Measure.SUM: "Sum of values",
    Measure.MEAN: "Average value",
    Measure.LEAST: "Smallest value",
    Measure.MOST: "Largest value",
    Measure.PERCENTILE: "Percentile of values",
}
FIELDS = {
    "action": "Action",
    "subject": "Subject",
    "pluginId": "Plugin",
    "extension": "Extension",
    "routeRef": "Route",
    "path": "Page",
    "term": "Search term",
    "to": "Destination",
    "entityRef": "Entity",
    "team": "Team",
    "user": "Person",
    "session": "Visit",
    "origin": "Origin",
    "appVersion": "Version",
    "value": "Value",
}
_KINDS: dict[str, Kind] = {
    "pluginId": "plugin",
    "path": "path",
    "entityRef": "entity",
    "team": "entity",
    "user": "person",
}
"""How the values of fields are written; all others as they are."""
OPERATORS = {str(one): str(one) for one in Op}
_WITHOUT_VALUE = (Op.IS_SET, Op.IS_NOT_SET)
_NUMERIC = (Op.ABOVE, Op.BELOW)
_HUNDRED = 100
_FIRST_PERCENTILE = 95


@dataclass(frozen=True, slots=True)
class FunnelPlan:
    """Steps, each with an action and perhaps one further condition, and how long they may take."""

    steps: tuple[tuple[Condition, ...], ...]
    days: int
    by: By

    @classmethod
    def read(cls, query: PageQuery) -> "FunnelPlan":
        """The funnel of an address; a usual one where it has none."""
        steps = tuple(
            conditions
            for one in _read_list(query.more.get("steps", ""))[:MAX_STEPS]
            if (conditions := read_conditions(one))
        )
        first = tuple((Condition("action", Op.IS, (action,)),) for action in FIRST_STEPS)
        days = _read_number(query.more.get("within", ""), FIRST_DAYS)
        by = By.SESSION if query.more.get("by") == "session" else By.USER
        return cls(steps or first, int(min(max(1, days), MAX_DAYS)), by)

    def write(self) -> dict[str, str]:
        """The parameters of an address."""
        steps = [json.loads(write_conditions(one)) for one in self.steps]
        return {
            "steps": json.dumps(steps, ensure_ascii=False, separators=(",", ":")),
            "within": str(self.days),
            "by": str(self.by),
        }

    def to_question(self) -> Funnel:
        """The question."""
        steps = tuple(Step(name_step(one), one) for one in self.steps)
        return Funnel(steps=steps, within=timedelta(days=self.days), by=self.by)


@dataclass(frozen=True, slots=True)
class Exploration:
    """A measure, by some dimensions, over time or in one, of events that meet conditions."""

    measure: Measure = Measure.EVENTS
    percentile: int = _FIRST_PERCENTILE
    by: tuple[str, ...] = ("action",)
    is_over_time: bool = False
    where: tuple[Condition, ...] = ()

    @classmethod
    def read(cls, query: PageQuery) -> "Exploration":
        """The exploration of an address."""
        more = query.more
        named = more.get("measure", "")
        measure = next((one for one in Measure if one == named), Measure.EVENTS)
        fields = tuple(dict.fromkeys(filter(is_field, more.get("by", "action").split(","))))
        percentile = _read_number(more.get("percentile", ""), _FIRST_PERCENTILE)
        return cls(
            measure,
            int(min(max(1, percentile), _HUNDRED - 1)),
            fields[:MAX_DIMENSIONS],
            more.get("over") == "time",
            read_filters(query),
        )

    def write(self) -> dict[str, str]:
        """The parameters of an address."""
        return {
            "measure": str(self.measure) if self.measure != Measure.EVENTS else "",
            "percentile": str(self.percentile) if self.measure == Measure.PERCENTILE else "",
            "by": ",".join(self.by) or "-",
            "over": "time" if self.is_over_time else "",
            WHERE: write_conditions(self.where) if self.where else "",
        }

    def to_question(self, grain: Grain) -> Explore:
        """The question."""
        return Explore(
            measure=self.measure,
            dimensions=self.by,
            grain=grain if self.is_over_time else None,
            percentile=self.percentile / _HUNDRED,
            limit=None if self.is_over_time else MAX_ROWS,
        )

    def columns(self) -> list[Column]:
        """The columns of its table."""
        dated = [Column("date", "Time", "date")] if self.is_over_time else []
        named = [Column(name, title_of(name), _KINDS.get(name, "text")) for name in self.by]
        return [*dated, *named, Column("value", self.title(), "number", is_measure=True)]

    def title(self) -> str:
        """What is measured."""
        if self.measure is Measure.PERCENTILE:
            return f"{self.percentile}th percentile of the value"
        return MEASURES[self.measure]


def spread(
    rows: Sequence[dict[str, Any]], by: Sequence[str], most: int = MAX_SERIES
) -> tuple[Chart | None, list[dict[str, Any]]]:
    """Rows of an exploration over time as a chart: a line for each of the greatest groups."""
    totals: dict[str, float] = {}
    for row in rows:
        name = _name_group(row, by)
        totals[name] = totals.get(name, 0) + (row.get("value") or 0)
    names = sorted(totals, key=lambda name: (-totals[name], name))[:most]
    keys = {name: f"s{index}" for index, name in enumerate(names)}
    points: dict[str, dict[str, Any]] = {}
    for row in rows:
        point = points.setdefault(str(row.get("date")), {"date": row.get("date")})
        if (key := keys.get(_name_group(row, by))) is not None:
            point[key] = row.get("value")
    for point in points.values():
        for key in keys.values():
            point.setdefault(key, 0)
    chart = Chart("lines", {key: name for name, key in keys.items()}, "") if keys else None
    return chart, [points[date] for date in sorted(points)]


def _name_group(row: dict[str, Any], by: Sequence[str]) -> str:
    values = [row.get(name) for name in by]
    return " · ".join("none" if one in {None, ""} else str(one) for one in values) or "All"


def is_field(name: str) -> bool:
    """Whether a name is a field of events."""
    kind, _, key = name.partition(".")
    return name in FIELDS or (kind in {"attributes", "context"} and bool(key))


def title_of(name: str) -> str:
    """A field in words; a key of the attributes or of the context as it is."""
    return FIELDS.get(name, name)


def name_step(conditions: Sequence[Condition]) -> str:
    """A step in words."""
    return ", ".join(describe(one) for one in conditions)


def describe(condition: Condition) -> str:
    """A condition in words; that of an action is the action alone."""
    values = ", ".join(map(str, condition.values))
    if condition.field == "action" and condition.operator is Op.IS:
        return values
    return f"{title_of(condition.field)} {condition.operator} {values}".rstrip()


def read_filters(query: PageQuery) -> tuple[Condition, ...]:
    """The filters of an address, which apply to every tile of the page."""
    return read_conditions(_read_list(query.more.get(WHERE, "")))


def write_conditions(conditions: Sequence[Condition]) -> str:
    """Conditions as JSON."""
    return json.dumps(
        [[one.field, str(one.operator), list(one.values)] for one in conditions],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read_conditions(items: object) -> tuple[Condition, ...]:
    """Conditions from JSON; anything else is skipped."""
    if not isinstance(items, list):
        return ()
    read = (_read_condition(item) for item in items[:MAX_CONDITIONS])
    return tuple(one for one in read if one is not None)


def make_condition(name: str, operator: str, text: str) -> Condition | None:
    """The condition that a form describes; None if it is incomplete or wrong."""
    if not is_field(name) or operator not in OPERATORS:
        return None
    chosen = Op(operator)
    if chosen in _WITHOUT_VALUE:
        return Condition(name, chosen)
    if chosen not in _NUMERIC:
        return Condition(name, chosen, (text,)) if text else None
    number = _read_number(text, math.nan)
    return None if math.isnan(number) else Condition(name, chosen, (number,))


def _read_condition(item: object) -> Condition | None:
    match item:
        case [str(name), str(operator), [*values]] if is_field(name) and operator in OPERATORS:
            plain = tuple(one for one in values if isinstance(one, str | int | float | bool))
            return Condition(name, Op(operator), plain)
        case _:
            return None


def _read_list(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def _read_number(text: str, otherwise: float) -> float:
    try:
        number = float(text)
    except ValueError:
        return otherwise
    return number if math.isfinite(number) else otherwise
