"""Tables of an answer: values in the form of their kind, and the events behind each number."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component
from reflex_base.vars.base import Var

from backstage_py.insights.ui.rows import Cell, Head, Row, TileData
from backstage_py.insights.ui.settings import get_settings
from backstage_py.insights.ui.state.events_state import EventsBehindState
from backstage_py.insights.ui.state.filter_state import FilterState
from backstage_py.insights.ui.state.page_state import InsightsState
from backstage_py.insights.ui.tiles import NUMERIC, Column, list_shown
from backstage_py.ui.components import link


def answer_table(
    title: Any,
    columns: Sequence[Column],
    data: ObjectVar[TileData],
    *,
    caption: str = "",
    heads: Sequence[Any] = (),
) -> Component:
    """The rows of a tile; without `columns` or `heads`, with the heads that its data has."""
    shown = list_shown(columns, has_rate=get_settings().rate is not None)
    named = bool(heads)
    heads = heads or (
        [_head(column) for column in shown]
        if columns
        else [rx.foreach(data.columns, lambda text: rx.el.th(text, scope="col"))]
    )
    explored = "" if columns or named else " bp-insights-explored"
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption or title, class_name="bp-visually-hidden"),
            rx.el.thead(rx.el.tr(*heads)),
            rx.el.tbody(rx.foreach(data.rows, lambda row: _row(title, row, data))),
            class_name="bp-table bp-insights-answer" + explored,
        ),
        class_name="bp-scroll",
        tab_index=0,
        role="region",
        aria_label=title,
    )


def head_cell(head: ObjectVar[Head]) -> Component:
    """The head of a column that only the data knows."""
    return rx.el.th(head.text, scope="col", class_name=rx.cond(head.is_number, "bp-number", ""))


def _head(column: Column) -> Component:
    is_number = column.kind in NUMERIC
    return rx.el.th(column.title, scope="col", class_name="bp-number" if is_number else "")


def _row(title: Any, row: ObjectVar[Row], data: ObjectVar[TileData]) -> Component:
    cells = rx.foreach(row.cells, lambda cell: _cell(title, cell, row, data))
    return rx.el.tr(cells, key=row.key, data_others=row.is_others)


def _cell(
    title: Any, cell: ObjectVar[Cell], row: ObjectVar[Row], data: ObjectVar[TileData]
) -> Component:
    is_number = Var.create(list(NUMERIC)).contains(cell.kind)
    bar = rx.el.span(
        class_name="bp-insights-bar", style={"inlineSize": cell.fraction}, aria_hidden=True
    )
    named = rx.fragment(
        _name(title, cell, row, data),
        rx.cond(cell.id, rx.el.small(cell.id, class_name="bp-muted")),
    )
    content = rx.cond(
        cell.is_measure,
        _measure(title, cell, row, data),
        rx.cond(
            cell.fraction,
            rx.el.div(bar, rx.el.span(named), class_name="bp-insights-ranked"),
            named,
        ),
    )
    share = rx.cond(cell.share, rx.el.span(cell.share, class_name="bp-insights-share"))
    return rx.el.td(content, share, class_name=rx.cond(is_number, "bp-number", ""))


def _name(
    title: Any, cell: ObjectVar[Cell], row: ObjectVar[Row], data: ObjectVar[TileData]
) -> Component:
    """What a row is about; choosing it filters the page where its events have it in common."""
    plain = rx.cond(
        cell.path, link(cell.text, to=cell.path, title=cell.hint), rx.el.span(cell.text)
    )
    filtering = rx.fragment(
        rx.el.button(
            cell.text,
            type="button",
            class_name="bp-insights-drill",
            title=rx.cond(cell.hint, cell.hint, "Filter this page"),
            on_click=FilterState.add_row(row.behind),
        ),
        rx.cond(
            cell.path,
            link(
                rx.icon("external-link", size=13, aria_hidden=True),
                to=cell.path,
                aria_label=f"Open {cell.text}",
                class_name="bp-link bp-insights-open",
            ),
        ),
    )
    chosen = rx.match(
        cell.kind,
        ("route", _choice(cell, "route")),
        ("template", _choice(cell, "template")),
        ("date", rx.cond(row.span, _piece(title, cell, row, data), rx.el.span(cell.text))),
        rx.cond(cell.is_filter, filtering, plain),
    )
    return rx.fragment(chosen)


def _choice(cell: ObjectVar[Cell], name: str) -> Component:
    return rx.el.button(
        cell.text,
        type="button",
        class_name="bp-insights-drill",
        aria_pressed=InsightsState.more[name] == cell.value,
        on_click=InsightsState.choose_more(name, cell.value),
    )


def _piece(
    title: Any, cell: ObjectVar[Cell], row: ObjectVar[Row], data: ObjectVar[TileData]
) -> Component:
    """A piece of time, which opens the events in it."""
    return rx.el.button(
        cell.text,
        type="button",
        class_name="bp-insights-drill",
        aria_label=f"{cell.text}: show the events",
        on_click=EventsBehindState.show(title, data.behind, row.behind, row.span),
    )


def _measure(
    title: Any, cell: ObjectVar[Cell], row: ObjectVar[Row], data: ObjectVar[TileData]
) -> Component:
    """A number, which opens the events behind it."""
    number = rx.el.button(
        cell.text,
        type="button",
        class_name="bp-insights-drill",
        aria_label=f"{cell.text}: show the events",
        on_click=EventsBehindState.show(title, data.behind, row.behind, row.span),
    )
    return rx.cond(row.behind, number, rx.el.span(cell.text))
