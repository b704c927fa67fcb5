"""Answers as the rows, figures and points that pages show."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from backstage_py.insights import Annotation, Answer, Condition, Grain, Operator, Trust, Window
from backstage_py.insights.ui import texts
from backstage_py.insights.ui.builder import write_conditions
from backstage_py.insights.ui.funnel_rows import (
    CohortRow,
    FunnelRow,
    build_cohorts,
    build_funnel,
    build_runs,
)
from backstage_py.insights.ui.pieces import write_span
from backstage_py.insights.ui.settings import DisplaySettings
from backstage_py.insights.ui.tiles import NUMERIC, Chart, Column, FigureSpec, Kind, Tile

MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class Cell:
    """A value of a table.

    `fraction` is how long the bar behind it is, in per cent, empty for none; `share` is its part of
    the whole. `id` is the id behind a title. A `is_filter` cell filters the page by its row, a
    `is_measure` one opens the events behind it.
    """

    text: str
    kind: str = "text"
    path: str = ""
    value: str = ""
    fraction: str = ""
    hint: str = ""
    id: str = ""
    share: str = ""
    is_filter: bool = False
    is_measure: bool = False


@dataclass(frozen=True)
class Head:
    """The head of a column."""

    text: str
    is_number: bool


@dataclass(frozen=True)
class Row:
    """A row of a table.

    The events behind it meet the conditions of `behind`, in JSON, and lie in `span`, two moments.
    """

    key: str
    cells: list[Cell] = field(default_factory=list)
    behind: str = ""
    span: str = ""
    is_others: bool = False


@dataclass(frozen=True)
class Mark:
    """An annotation on a chart, at the piece of time with this label."""

    id: str
    label: str
    text: str
    when: str


@dataclass(frozen=True)
class Figure:
    """A number and its change: `direction` is up, down or same, `tone` good or bad."""

    label: str
    value: str
    meaning: str
    direction: str = "same"
    change: str = ""
    tone: str = ""


@dataclass(frozen=True)
class TileData:
    """What a tile shows. `title`, `columns` and `series` are there where only the answer knows."""

    is_ready: bool = False
    is_empty: bool = True
    rows: list[Row] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    title: str = ""
    columns: list[str] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    series: list[str] = field(default_factory=list)
    steps: list[FunnelRow] = field(default_factory=list)
    cohorts: list[CohortRow] = field(default_factory=list)
    weeks: list[str] = field(default_factory=list)
    summary: str = ""
    sql: str = ""
    foot: str = ""
    left_out: list[str] = field(default_factory=list)
    behind: str = "[]"
    problem: str = ""
    ticks: list[int] = field(default_factory=list)
    top: int = 1
    marks: list[Mark] = field(default_factory=list)
    has_running: bool = False
    count: str = ""
    pieces: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The settings and titles that the texts of an answer depend on."""

    settings: DisplaySettings
    window: Window
    grain: Grain
    page_of: Callable[[str], str]
    """The page of an entity's ref, empty where there is none."""
    title_of: Callable[[str], str]
    """The title of an entity's ref, empty where the catalog has none."""
    plugin_title: Callable[[str], str] = lambda _id: ""
    """The title of a plugin's id, empty where it has none."""
    page_title: Callable[[str], str] = lambda _path: ""
    """The title of a path's page, empty where it is unknown."""
    annotations: Sequence[Annotation] = ()
    """What happened in the window."""


_FUNNELS = {"funnel": build_funnel, "runs": build_runs}


def build_tile(
    tile: Tile, answer: Answer, before: Answer | None, trust: Trust, wording: Wording
) -> TileData:
    """A tile's content; `before` is the answer of the time before, for figures."""
    rows = [_with_money(row, wording.settings) for row in answer.rows]
    is_empty = not rows or _is_flat(tile, rows)
    total = trust.events if tile.is_whole else None
    earlier = [_with_money(row, wording.settings) for row in before.rows] if before else []
    highest = highest_point(tile.chart, rows, earlier) if tile.chart else 0
    return TileData(
        is_ready=True,
        is_empty=is_empty,
        rows=build_rows(tile.columns, rows, tile.drill, wording, total=total),
        heads=[Head(column.title, column.kind in NUMERIC) for column in tile.columns],
        points=build_points(tile.chart, rows, wording, partial=answer.partial, earlier=earlier)
        if tile.chart
        else [],
        ticks=(ticks := list_ticks(highest)),
        top=ticks[-1],
        marks=list_marks(rows, wording) if tile.chart else [],
        has_running=bool(answer.partial),
        count=texts.number(trust.events),
        pieces=describe_pieces(trust, wording.window),
        figures=_build_figures(tile, answer, before, wording) if tile.figures else [],
        steps=_FUNNELS[tile.picture](rows) if tile.picture in _FUNNELS else [],
        cohorts=(cohorts := build_cohorts(rows) if tile.picture == "cohorts" else []),
        weeks=[str(week) for week in range(max((len(one.weeks) for one in cohorts), default=0))],
        summary=describe_chart(tile, rows, wording) if tile.chart else "",
        foot=describe_trust(trust, wording.window),
        left_out=list_left_out(trust, answer.hidden, tuple(map(texts.entity, answer.withheld))),
        behind=write_conditions(tile.conditions),
    )


def build_rows(
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    drill: Mapping[str, str],
    wording: Wording,
    *,
    total: int | None = None,
) -> list[Row]:
    """The rows of a table; with a `total` of the measure, its shares and a row of the others."""
    measure = next((column.key for column in columns if column.is_measure), None)
    most = max((_size(row.get(measure)) for row in rows), default=0.0) if measure else 0.0
    found: list[Row] = []
    for index, row in enumerate(rows):
        cells = [_cell(column, row.get(column.key), wording) for column in columns]
        cells = [cells[0], *(replace(cell, id="") for cell in cells[1:])] if cells else []
        if measure is not None:
            cells = _ranked(cells, columns, _size(row.get(measure)), most, total)
            cells[0] = replace(cells[0], is_filter=columns[0].key in drill)
        behind = _behind_row(row, drill)
        span = write_span(row.get("date"), wording.grain, wording.window)
        found.append(Row(str(index), cells, behind, span))
    rest = total - sum(round(_size(row.get(measure))) for row in rows) if total and measure else 0
    return [*found, _others(columns, rest, total or 1)] if rest > 0 else found


def _ranked(
    cells: Sequence[Cell], columns: Sequence[Column], value: float, most: float, total: int | None
) -> list[Cell]:
    """The cells of a ranking: the bar is behind the first one, the share beside the number."""
    share = texts.share(value / total) if total else ""
    ranked = [
        replace(cell, is_measure=True, share=share) if column.is_measure else cell
        for cell, column in zip(cells, columns, strict=True)
    ]
    fraction = f"{value / most * 100:.1f}%" if most else ""
    return [replace(ranked[0], fraction=fraction), *ranked[1:]]


def _others(columns: Sequence[Column], rest: int, total: int) -> Row:
    """What is not in the rows above."""
    number = Cell(texts.number(rest), "number", share=texts.share(rest / total))
    cells = [number if column.is_measure else Cell("") for column in columns]
    return Row("others", [replace(cells[0], text="Others"), *cells[1:]], is_others=True)


RUNNING = "_now"
"""After the key of a series: its numbers of pieces of time that are not whole."""
PREVIOUS = "previous"
"""The key of the previous period's numbers."""
_TICKS = 4


def build_points(
    chart: Chart,
    rows: Sequence[Mapping[str, Any]],
    wording: Wording,
    *,
    partial: Mapping[str, str] = MappingProxyType({}),
    earlier: Sequence[Mapping[str, Any]] = (),
) -> list[dict[str, Any]]:
    """What a chart draws: labels, the unit, and a number for each series.

    Args:
        chart: The chart.
        rows: A row for each piece of time.
        wording: What the words depend on.
        partial: The pieces that are not whole: their numbers are of a series of their own, which
            begins with the whole piece before them, so that its line joins.
        earlier: The rows of the previous period.
    """
    first = next(iter(chart.series), "")
    points: list[dict[str, Any]] = []
    for index, row in enumerate(rows):
        date = row.get("date")
        point: dict[str, Any] = {
            "label": texts.bucket(date, wording.grain),
            "when": texts.full_bucket(date, wording.grain),
            "unit": chart.unit,
        }
        is_partial = str(date) in partial and len(rows) > 1
        joins = index + 1 < len(rows) and str(rows[index + 1].get("date")) in partial
        for key in chart.series:
            point[key] = None if is_partial else row.get(key)
            if is_partial or (joins and chart.kind == "lines"):
                point[key + RUNNING] = row.get(key)
        if index < len(earlier):
            point[PREVIOUS] = earlier[index].get(first)
        points.append(point)
    return points


def list_ticks(highest: float) -> list[int]:
    """Round numbers for an axis, from 0 to the first one that is not below the highest value."""
    if highest <= 1:
        return [0, 1]
    raw = highest / _TICKS
    size = 10 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
    step = max(1, round(step))
    return [step * index for index in range(math.ceil(highest / step) + 1)]


def highest_point(
    chart: Chart,
    rows: Sequence[Mapping[str, Any]],
    earlier: Sequence[Mapping[str, Any]] = (),
) -> float:
    """The highest point of a chart; bars are stacked."""
    together = sum if chart.kind == "bars" else max
    own = [together(_size(row.get(key)) for key in chart.series) for row in rows]
    first = next(iter(chart.series), "")
    previous = [_size(row.get(first)) for row in earlier] if chart.is_compared else []
    return max([*own, *previous], default=0)


def list_marks(rows: Sequence[Mapping[str, Any]], wording: Wording) -> list[Mark]:
    """The annotations within the pieces of time of a chart."""
    zone = wording.window.tzinfo
    found: list[Mark] = []
    for annotation in wording.annotations:
        local = annotation.at.astimezone(zone)
        at = local.strftime("%Y-%m-%dT%H:%M")
        begun = [date for row in rows if (date := str(row.get("date"))) <= at]
        if begun:
            label = texts.bucket(max(begun), wording.grain)
            when = f"{local.day} {local:%b}"
            found.append(Mark(annotation.id, label, annotation.text, when))
    return found


def describe_chart(tile: Tile, rows: Sequence[Mapping[str, Any]], wording: Wording) -> str:
    """A chart described in one sentence, for screen readers."""
    chart = tile.chart
    if chart is None or not rows:
        return f"{tile.title}: nothing"
    parts = [
        _describe_series(key, name, rows, wording)
        for key, name in chart.series.items()
        if any(row.get(key) is not None for row in rows)
    ]
    return f"{tile.title}. " + " ".join(parts)


def _describe_series(
    key: str, name: str, rows: Sequence[Mapping[str, Any]], wording: Wording
) -> str:
    highest = max(rows, key=lambda row: _size(row.get(key)))
    when = texts.bucket(highest.get("date"), wording.grain)
    first, last = (texts.number(row.get(key)) for row in (rows[0], rows[-1]))
    most = texts.number(highest.get(key))
    return f"{name}: from {first} to {last}, at most {most} on {when}."


def _build_figures(
    tile: Tile, answer: Answer, before: Answer | None, wording: Wording
) -> list[Figure]:
    if not answer.rows:
        return []
    now = _with_money(answer.first, wording.settings)
    then = _with_money(before.first, wording.settings) if before and before.rows else {}
    return [
        build_figure(
            spec, now[spec.key], then.get(spec.key), wording, is_compared=before is not None
        )
        for spec in tile.figures
        if spec.key in now
    ]


def build_figure(
    spec: FigureSpec, now: Any, then: Any, wording: Wording, *, is_compared: bool
) -> Figure:
    """A number beside that of the time before, and whether it has become better."""
    direction, change = texts.change(_number(now), _number(then)) if is_compared else ("same", "")
    value = write(spec.kind, now, wording)
    better = "down" if spec.less_is_better else "up"
    tone = "" if direction == "same" else "good" if direction == better else "bad"
    return Figure(spec.label, value, spec.meaning, direction, change, tone)


def write(kind: Kind, value: Any, wording: Wording) -> str:
    """A value as text, by its kind."""
    settings = wording.settings
    raw = str(value or "")
    writers: dict[str, Callable[[Any], str]] = {
        "number": texts.number,
        "share": texts.share,
        "hours": texts.hours,
        "seconds": texts.seconds,
        "money": lambda minutes: texts.money(minutes, settings.rate or 0, settings.currency),
        "date": lambda text: texts.bucket(text, wording.grain),
        "entity": lambda ref: wording.title_of(raw) or texts.entity(ref),
        "template": lambda ref: wording.title_of(raw) or texts.entity(ref),
        "path": lambda _path: wording.page_title(raw) or texts.path(raw) or "\N{EN DASH}",
        "plugin": lambda _id: wording.plugin_title(raw) or _plain(value),
        "route": lambda _ref: texts.route(raw) or "\N{EN DASH}",
        "extension": lambda _name: texts.extension(raw) or "\N{EN DASH}",
        "person": texts.person,
    }
    return writers[kind](value) if kind in writers else _plain(value)


def _plain(value: Any) -> str:
    if value is None or not str(value):
        return "\N{EN DASH}"
    return texts.number(value) if isinstance(value, int | float) else str(value)


_WITH_ID = {"plugin", "path", "route", "extension"}
"""The kinds whose id is shown beside their title."""


def _cell(column: Column, value: Any, wording: Wording) -> Cell:
    text = write(column.kind, value, wording)
    raw = "" if value is None else str(value)
    path = ""
    if column.kind == "path" and raw.startswith("/"):
        path = raw
    if column.kind == "entity" and raw:
        path = wording.page_of(raw)
    kind = column.kind if raw else "text"
    hint = raw if column.kind in {"path", "entity"} and raw != text else ""
    id_ = texts.path(raw) if column.kind in _WITH_ID else ""
    return Cell(
        text,
        kind,
        path,
        raw if column.kind in {"route", "template"} else "",
        hint=hint,
        id=id_ if id_ != text else "",
    )


def _behind_row(row: Mapping[str, Any], drill: Mapping[str, str]) -> str:
    if not drill:
        return ""
    conditions = [
        Condition(name, Operator.IS, (row[key],))
        if row.get(key) not in {None, ""}
        else Condition(name, Operator.IS_NOT_SET)
        for key, name in drill.items()
    ]
    return write_conditions(conditions)


def describe_trust(trust: Trust, window: Window) -> str:
    """How many events a tile rests on, of which time."""
    events = "1 event" if trust.events == 1 else f"{trust.events:,} events"
    counted = trust.scope.window
    return f"{events} · {_whole(counted, window)}{texts.span(counted)}"


def describe_pieces(trust: Trust, window: Window) -> str:
    """Which whole weeks or months a tile counts, where these are more than the page's window."""
    counted = trust.scope.window
    whole = _whole(counted, window)
    return f"{whole.capitalize()}{texts.days(counted)}" if whole else ""


def _whole(counted: Window, window: Window) -> str:
    """Which whole pieces are counted, where these are more than the page's window."""
    if counted == window:
        return ""
    is_months = counted.since is not None and counted.since.astimezone(counted.tzinfo).day == 1
    return "whole months, " if is_months else "whole weeks, "


def list_left_out(trust: Trust, hidden: int = 0, withheld: Sequence[str] = ()) -> list[str]:
    """What is not in the numbers, a sentence each."""
    facts = {
        "sample events are hidden": trust.sample,
        "robot events are hidden": trust.robots,
        "small groups of people are hidden": hidden,
        "robot events were refused": trust.refused_robots,
        "events were rejected": trust.rejected,
        "events were dropped in browsers": trust.dropped_in_browser,
        "events could not be delivered to a backend": trust.dead_letters,
        "events are not delivered to every backend yet": trust.undelivered,
    }
    told = [f"{count:,} {what}." for what, count in facts.items() if count]
    if withheld:
        told.append(f"Withheld, since few of them were active: {', '.join(withheld)}.")
    return told or ["Nothing was left out, rejected, dropped or dead-lettered."]


def _with_money(row: Mapping[str, Any], settings: DisplaySettings) -> dict[str, Any]:
    """A row with the value of its saved minutes, if an hourly rate is configured."""
    minutes = row.get("minutesSaved")
    if not isinstance(minutes, int | float):
        return dict(row)
    worth = {} if settings.rate is None else {"money": minutes}
    return {**row, **worth, "hours": round(minutes / MINUTES_PER_HOUR, 2)}


def _is_flat(tile: Tile, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether there is nothing to draw."""
    if tile.picture in _FUNNELS:
        return not any(row.get("count", row.get("sessions")) for row in rows)
    if tile.chart is None:
        return False
    return not any(_size(row.get(key)) for row in rows for key in tile.chart.series)


def _size(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None
