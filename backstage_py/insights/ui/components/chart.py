"""Charts over time: recharts in the colours of the theme, and the table behind them."""

from collections.abc import Mapping, Sequence
from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component
from reflex_base.utils.imports import ImportVar
from reflex_base.vars import VarData
from reflex_base.vars.base import Var
from reflex_base.vars.function import FunctionStringVar

from backstage_py.insights.ui.rows import PREVIOUS, RUNNING, Mark, TileData
from backstage_py.insights.ui.state.effect_state import EffectState
from backstage_py.insights.ui.tiles import Chart
from backstage_py.ui.browser_module import browser_module

HEIGHT = 240
SERIES = 6
_DASHES = ("0", "7 4", "2 4", "10 3 2 3", "1 3", "12 5")
"""Each line has its own pattern, so that colour is not the only difference."""
_SO_FAR = "3 3"
"""The pattern of what is not over yet."""
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
_TOOLTIP = FunctionStringVar.create(
    "chartTooltip",
    _var_data=VarData(
        imports={
            browser_module(__file__, "chart_tooltip.js"): ImportVar(
                tag="chartTooltip", install=False
            )
        }
    ),
)


def time_chart(chart: Chart, data: ObjectVar[TileData]) -> Component:
    """A picture of the points of a tile, with its annotations."""
    is_bars = chart.kind == "bars"
    draw = _bars if is_bars else _lines
    items = [
        _legend_item(name, index, is_bar=is_bars)
        for index, name in enumerate(chart.series.values())
    ]
    if chart.is_compared:
        items.append(rx.el.li(_line_sample("var(--gray-8)", "0"), rx.el.span("Previous period")))
    so_far = rx.el.li(_line_sample("var(--gray-9)", _SO_FAR), rx.el.span("Not over yet"))
    items.append(rx.cond(data.has_running, so_far))
    shown = rx.el.ul(*items, class_name="bp-insights-chart-legend")
    previous = _previous(is_bars=is_bars) if chart.is_compared else []
    picture = draw(chart.series, data, previous)
    return _framed(picture, shown, data)


def spread_chart(data: ObjectVar[TileData], *, is_bars: bool = False) -> Component:
    """A line, or a part of the bars, for each of the data's series, whose keys are s0 to s5."""
    series = data.series.to(list[str])
    names = {f"s{index}": series[index] for index in range(SERIES)}
    items = [
        rx.cond(series.length() > index, _legend_item(series[index], index, is_bar=is_bars))
        for index in range(SERIES)
    ]
    shown = rx.el.ul(*items, class_name="bp-insights-chart-legend")
    draw = _bars if is_bars else _lines
    return _framed(draw(names, data, []), shown, data)


def _legend_item(name: Any, index: int, *, is_bar: bool = False) -> Component:
    """The legend entry of a series: its colour and pattern."""
    pattern = "0" if is_bar else _DASHES[index]
    return rx.el.li(_line_sample(_color(index), pattern, is_bar=is_bar), rx.el.span(name))


def _line_sample(color: str, pattern: str, *, is_bar: bool = False) -> Component:
    return rx.el.svg(
        rx.el.svg.line(
            x1="0",
            y1="6",
            x2="24",
            y2="6",
            stroke=color,
            stroke_width="12" if is_bar else "3",
            stroke_dasharray=pattern,
        ),
        width="12" if is_bar else "24",
        height="12",
        aria_hidden=True,
    )


def _framed(picture: Component, shown_legend: Component, data: ObjectVar[TileData]) -> Component:
    return rx.el.figure(
        shown_legend,
        rx.el.div(picture, role="img", aria_label=data.summary, class_name="bp-insights-chart"),
        rx.cond(data.marks, _marks(data)),
        class_name="bp-insights-figure-chart",
    )


def _marks(data: ObjectVar[TileData]) -> Component:
    """The annotations in words; each opens what was before and after it."""

    def item(mark: ObjectVar[Mark]) -> Component:
        return rx.el.li(
            rx.el.button(
                rx.icon("flag", size=13, aria_hidden=True),
                mark.text,
                rx.el.span(mark.when, class_name="bp-muted"),
                type="button",
                class_name="bp-insights-drill",
                title="Show before and after",
                on_click=EffectState.show(mark.id),
            ),
            key=mark.id,
        )

    return rx.el.ul(
        rx.foreach(data.marks, item), class_name="bp-insights-marks", aria_label="Annotations"
    )


def _lines(
    series: Mapping[str, Any], data: ObjectVar[TileData], behind: Sequence[Component]
) -> Component:
    is_single = data.points.length() == 1
    lines = [
        rx.recharts.line(
            data_key=key + ending,
            name=name,
            stroke=_color(index),
            stroke_width=2,
            stroke_dasharray=_SO_FAR if ending else _DASHES[index],
            custom_attrs={"strokeOpacity": 0.7 if ending else 1},
            dot=rx.cond(is_single, {"r": 4, "strokeDasharray": "0"}, False),
            type_="linear",
            is_animation_active=False,
        )
        for index, (key, name) in enumerate(series.items())
        for ending in ("", RUNNING)
    ]
    return rx.recharts.line_chart(
        *_axes(data),
        *behind,
        *lines,
        _flags(data),
        data=data.points,
        width="100%",
        height=HEIGHT,
        margin=_MARGIN,
    )


def _bars(
    series: Mapping[str, Any], data: ObjectVar[TileData], behind: Sequence[Component]
) -> Component:
    bars = [
        rx.recharts.bar(
            data_key=key + ending,
            name=name,
            fill=_color(index),
            custom_attrs={"fillOpacity": 0.35 if ending else 1},
            stroke=_color(index) if ending else "var(--color-panel-solid)",
            stroke_dasharray=_SO_FAR if ending else "0",
            stack_id="all",
            max_bar_size=36,
            is_animation_active=False,
        )
        for index, (key, name) in enumerate(series.items())
        for ending in ("", RUNNING)
    ]
    return rx.recharts.composed_chart(
        *_axes(data),
        *bars,
        *behind,
        _flags(data),
        data=data.points,
        width="100%",
        height=HEIGHT,
        margin=_MARGIN,
    )


def _previous(*, is_bars: bool) -> list[Component]:
    """The faint line of the previous period."""
    return [
        rx.recharts.line(
            data_key=PREVIOUS,
            name="Previous period",
            stroke="var(--gray-8)",
            stroke_width=2 if is_bars else 1.5,
            dot=False,
            type_="linear",
            is_animation_active=False,
        )
    ]


def _flags(data: ObjectVar[TileData]) -> Component:
    """A line across the chart for each annotation."""

    def flag(mark: ObjectVar[Mark]) -> Component:
        return rx.recharts.reference_line(
            x=mark.label, stroke="var(--amber-9)", stroke_dasharray="4 3", stroke_width=1.5
        )

    return rx.foreach(data.marks, flag)


class GraphingTooltip(rx.recharts.GraphingTooltip):
    """Recharts' tooltip with content of our own; charts accept children by their class's name."""

    content: Var[Any]


def _axes(data: ObjectVar[TileData]) -> Sequence[Component]:
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
            width=44,
            ticks=data.ticks,
            domain=[0, data.top],
            interval=0,
            tick_formatter=_SHORT_NUMBER,
        ),
        GraphingTooltip.create(
            content=_TOOLTIP,
            is_animation_active=False,
            cursor={"stroke": "var(--gray-7)", "fill": "var(--gray-a3)"},
        ),
    ]


def _color(index: int) -> str:
    return f"var(--bp-series-{index + 1})"
