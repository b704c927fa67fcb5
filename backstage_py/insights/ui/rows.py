"""Answers in the words and figures of the pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backstage_py.insights import Answer, Condition, Grain, Operator, Trust, Window
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
from backstage_py.insights.ui.tiles import Chart, Column, FigureSpec, Kind, Tile

MINUTES_PER_HOUR = 60


@dataclass(frozen=True)
class Cell:
    """A value of a table; `fraction` is how long its bar is, in per cent, empty for none."""

    text: str
    kind: str = "text"
    path: str = ""
    value: str = ""
    fraction: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table.

    The events behind it meet the conditions of `behind`, in JSON, and lie in `span`, two moments.
    """

    key: str
    cells: list[Cell] = field(default_factory=list)
    behind: str = ""
    span: str = ""


@dataclass(frozen=True)
class Figure:
    """A number, and how it has changed: `direction` is up, down or same, `tone` good or bad."""

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


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words of an answer depend on."""

    settings: DisplaySettings
    window: Window
    grain: Grain
    page_of: Callable[[str], str]
    """The page of an entity's ref, empty where there is none."""
    title_of: Callable[[str], str]
    """The title of an entity's ref, empty where the catalog has none."""


_FUNNELS = {"funnel": build_funnel, "runs": build_runs}


def build_tile(
    tile: Tile, answer: Answer, before: Answer | None, trust: Trust, wording: Wording
) -> TileData:
    """A tile's content; `before` is the answer of the time before, for figures."""
    rows = [_with_money(row, wording.settings) for row in answer.rows]
    is_empty = not rows or _is_flat(tile, rows)
    return TileData(
        is_ready=True,
        is_empty=is_empty,
        rows=build_rows(tile.columns, rows, tile.drill, wording),
        points=build_points(tile.chart, rows, wording) if tile.chart else [],
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
) -> list[Row]:
    """The rows of a table."""
    most = {
        column.key: max((_size(row.get(column.key)) for row in rows), default=0.0)
        for column in columns
        if column.is_measure
    }
    return [
        Row(
            key=str(index),
            cells=[
                _cell(column, row.get(column.key), most.get(column.key), wording)
                for column in columns
            ],
            behind=_behind_row(row, drill),
            span=write_span(row.get("date"), wording.grain, wording.window),
        )
        for index, row in enumerate(rows)
    ]


def build_points(
    chart: Chart, rows: Sequence[Mapping[str, Any]], wording: Wording
) -> list[dict[str, Any]]:
    """What a chart draws: a label, and a number for each series."""
    return [
        {
            "label": texts.bucket(row.get("date"), wording.grain),
            **{key: row.get(key) for key in chart.series},
        }
        for row in rows
    ]


def describe_chart(tile: Tile, rows: Sequence[Mapping[str, Any]], wording: Wording) -> str:
    """A chart in a sentence, for who does not see it."""
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
    """A value in the words of its kind."""
    settings = wording.settings
    writers: dict[str, Callable[[Any], str]] = {
        "number": texts.number,
        "share": texts.share,
        "hours": texts.hours,
        "seconds": texts.seconds,
        "money": lambda minutes: texts.money(minutes, settings.rate or 0, settings.currency),
        "date": lambda text: texts.bucket(text, wording.grain),
        "entity": lambda ref: wording.title_of(str(ref or "")) or texts.entity(ref),
        "template": lambda ref: wording.title_of(str(ref or "")) or texts.entity(ref),
        "path": lambda address: texts.path(str(address or "")) or "\N{EN DASH}",
        "person": texts.person,
    }
    return writers[kind](value) if kind in writers else _plain(value)


def _plain(value: Any) -> str:
    if value is None or not str(value):
        return "\N{EN DASH}"
    return texts.number(value) if isinstance(value, int | float) else str(value)


def _cell(column: Column, value: Any, most: float | None, wording: Wording) -> Cell:
    text = write(column.kind, value, wording)
    raw = "" if value is None else str(value)
    path = ""
    if column.kind == "path" and raw.startswith("/"):
        path = raw
    if column.kind == "entity" and raw:
        path = wording.page_of(raw)
    fraction = f"{_size(value) / most * 100:.1f}%" if most else ""
    kind = column.kind if raw else "text"
    hint = raw if column.kind in {"path", "entity"} and raw != text else ""
    return Cell(
        text, kind, path, raw if column.kind in {"route", "template"} else "", fraction, hint
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
    is_months = counted.since is not None and counted.since.astimezone(counted.tzinfo).day == 1
    pieces = "whole months, " if is_months else "whole weeks, "
    whole = "" if counted == window else pieces
    return f"{events} · {whole}{texts.span(counted)}"


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
    """A row with what its minutes are worth, where somebody has said what an hour is."""
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
