"""Charts over time: recharts in the colours of the theme, and the table behind them."""

from collections.abc import Mapping, Sequence
from typing import Any

import reflex as rx
from reflex_base.components.component import Component
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.base import Var
from reflex_base.vars.function import FunctionStringVar

from backstage_py.insights.ui.tiles import Chart
from backstage_py.ui.browser_module import browser_module

HEIGHT = 240
SERIES = 6
_DASHES = ("0", "7 4", "2 4", "10 3 2 3", "1 3", "12 5")
"""Each line has a pattern of its own, so that colour is not all that tells them apart."""
_MARGIN = {"top": 8, "right": 12, "bottom": 0, "left": 0}
_TICK = {"fill": "var(--gray-11)", "fontSize": 12}
_SHORT_NUMBER = FunctionStringVar.create(
    "shortNumber",
    _var_data=VarData(
        imports={
            browser_module(__file__, "number_format.js"): ImportVar(
                tag="shortNumber", install=False
            )
        }
    ),
)


def time_chart(chart: Chart, points: Var[list[dict[str, Any]]], summary: Var[str]) -> Component:
    """A picture of `points`, which have a `label` and a number for each series."""
    draw = _bars if chart.kind == "bars" else _lines
    items = [
        _legend_item(name, index, is_bar=chart.kind == "bars")
        for index, name in enumerate(chart.series.values())
    ]
    shown = rx.el.ul(*items, class_name="bp-insights-chart-legend")
    return _framed(draw(chart.series, points, chart.unit), shown, summary)


def spread_chart(points: Var[list[dict[str, Any]]], series: Any, summary: Var[str]) -> Component:
    """A line for each of `series`, whose names only the answer knows; their keys are s0 to s5."""
    names = {f"s{index}": series[index] for index in range(SERIES)}
    items = [
        rx.cond(series.length() > index, _legend_item(series[index], index))
        for index in range(SERIES)
    ]
    shown = rx.el.ul(*items, class_name="bp-insights-chart-legend")
    return _framed(_lines(names, points, ""), shown, summary)


def _legend_item(name: Any, index: int, *, is_bar: bool = False) -> Component:
    """What a colour stands for, and its pattern."""
    line = rx.el.svg(
        rx.el.svg.line(
            x1="0",
            y1="6",
            x2="24",
            y2="6",
            stroke=_color(index),
            stroke_width="12" if is_bar else "3",
            stroke_dasharray="0" if is_bar else _DASHES[index],
        ),
        width="12" if is_bar else "24",
        height="12",
        aria_hidden=True,
    )
    return rx.el.li(line, rx.el.span(name))


def _framed(picture: Component, shown_legend: Component, summary: Var[str]) -> Component:
    return rx.el.figure(
        shown_legend,
        rx.el.div(picture, role="img", aria_label=summary, class_name="bp-insights-chart"),
        class_name="bp-insights-figure-chart",
    )


def _lines(series: Mapping[str, Any], points: Var[list[dict[str, Any]]], unit: str) -> Component:
    lines = [
        rx.recharts.line(
            data_key=key,
            name=name,
            stroke=_color(index),
            stroke_width=2,
            stroke_dasharray=_DASHES[index],
            dot=False,
            type_="linear",
            is_animation_active=False,
        )
        for index, (key, name) in enumerate(series.items())
    ]
    return rx.recharts.line_chart(
        *_axes(unit), *lines, data=points, width="100%", height=HEIGHT, margin=_MARGIN
    )


def _bars(series: Mapping[str, Any], points: Var[list[dict[str, Any]]], unit: str) -> Component:
    bars = [
        rx.recharts.bar(
            data_key=key,
            name=name,
            fill=_color(index),
            stroke="var(--color-panel-solid)",
            stack_id="all",
            max_bar_size=36,
            is_animation_active=False,
        )
        for index, (key, name) in enumerate(series.items())
    ]
    return rx.recharts.bar_chart(
        *_axes(unit), *bars, data=points, width="100%", height=HEIGHT, margin=_MARGIN
    )


def _axes(unit: str) -> Sequence[Component]:
    named = {"value": unit, "angle": -90, "position": "insideLeft", "fill": "var(--gray-11)"}
    return [
        rx.recharts.cartesian_grid(vertical=False, stroke="var(--gray-5)", stroke_dasharray="0"),
        rx.recharts.x_axis(
            data_key="label",
            tick=_TICK,
            tick_line=False,
            axis_line=True,
            stroke="var(--gray-7)",
            min_tick_gap=24,
            height=28,
        ),
        rx.recharts.y_axis(
            tick=_TICK,
            tick_line=False,
            axis_line=False,
            width=64 if unit else 48,
            allow_decimals=False,
            tick_formatter=_SHORT_NUMBER,
            label=named,
        ),
        rx.recharts.graphing_tooltip(
            separator=": ",
            is_animation_active=False,
            content_style={
                "background": "var(--color-panel-solid)",
                "border": "1px solid var(--gray-6)",
                "borderRadius": "var(--radius-3)",
                "boxShadow": "var(--shadow-3)",
            },
            label_style={"color": "var(--gray-12)", "fontWeight": 600},
            item_style={"color": "var(--gray-12)", "padding": 0},
            cursor={"stroke": "var(--gray-7)", "fill": "var(--gray-a3)"},
        ),
    ]


def _color(index: int) -> str:
    return f"var(--bp-series-{index + 1})"
