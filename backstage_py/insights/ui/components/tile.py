"""A tile: its heading, its content, and the events that it is based on."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component
from reflex_base.config import get_config

from backstage_py.insights.ui.components.backend_address import backend_address
from backstage_py.insights.ui.components.chart import time_chart
from backstage_py.insights.ui.components.figures import figures
from backstage_py.insights.ui.components.pin_dialog import pin_button
from backstage_py.insights.ui.components.table import answer_table
from backstage_py.insights.ui.export import PATH
from backstage_py.insights.ui.rows import TileData
from backstage_py.insights.ui.state.events_state import EventsBehindState
from backstage_py.insights.ui.state.page_state import InsightsState
from backstage_py.insights.ui.tiles import Tile
from backstage_py.ui.components import code_block, skeleton_rows

FORMATS = {"csv": "CSV", "json": "JSON", "parquet": "Parquet"}


def data_of(tile: Tile) -> ObjectVar[TileData]:
    """What a tile shows now."""
    return InsightsState.tiles[tile.id].to(TileData)


def tile_card(
    tile: Tile, content: Component | None = None, *controls: Component, title: Any = None
) -> Component:
    """A tile as a card.

    Args:
        tile: What it is.
        content: What it shows; unless given, its figures, its chart or its table.
        controls: What can be chosen in it.
        title: Its heading, where that is not the tile's own.
    """
    data = data_of(tile)
    shown = _content(tile, data) if content is None else content
    nothing = rx.el.p(tile.empty, class_name="bp-insights-tile-empty")
    body = rx.cond(
        data.is_ready,
        rx.cond(
            data.problem,
            rx.el.p(data.problem, role="alert", class_name="bp-warning bp-insights-tile-problem"),
            rx.cond(data.is_empty, nothing, shown),
        ),
        skeleton_rows(5),
    )
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(tile.title if title is None else title),
                *([rx.el.p(tile.says, class_name="bp-muted")] if tile.says else []),
            ),
            *controls,
            class_name="bp-insights-tile-head",
        ),
        body,
        rx.cond(data.is_ready, _foot(tile, data, tile.title if title is None else title)),
        class_name="bp-card bp-insights-insight" + (" bp-wide" if tile.is_wide else ""),
        id=f"tile-{tile.id}",
        aria_busy=InsightsState.is_busy,
    )


def _content(tile: Tile, data: ObjectVar[TileData]) -> Component:
    if tile.figures:
        return figures(data)
    if tile.chart is not None:
        return rx.fragment(time_chart(tile.chart, data), as_table(tile, data))
    return answer_table(tile.title, tile.columns, data)


def as_table(tile: Tile, data: ObjectVar[TileData]) -> Component:
    """The table behind a chart."""
    return rx.el.details(
        rx.el.summary("Show as table"),
        answer_table(tile.title, tile.columns, data),
        class_name="bp-insights-as-table",
    )


def _foot(tile: Tile, data: ObjectVar[TileData], title: Any) -> Component:
    events = rx.el.button(
        rx.icon("list", size=14, aria_hidden=True),
        "Events",
        type="button",
        class_name="bp-insights-drill",
        aria_label=f"Show the events behind: {tile.title}",
        on_click=EventsBehindState.show(tile.title, data.behind, "", ""),
    )
    sql = rx.el.button(
        rx.icon("database", size=14, aria_hidden=True),
        "Show the SQL",
        type="button",
        class_name="bp-insights-drill",
        aria_label=f"Show the SQL of: {tile.title}",
        on_click=InsightsState.show_sql(tile.id),
    )
    about = rx.el.details(
        rx.el.summary(
            rx.icon("shield-check", size=14, aria_hidden=True), rx.el.span(data.count, " events")
        ),
        rx.el.div(
            rx.el.p(data.foot),
            rx.el.ul(rx.foreach(data.left_out, rx.el.li)),
            rx.cond(data.sql, code_block(data.sql, label=f"The SQL of: {tile.title}"), sql),
            class_name="bp-insights-answer-about",
        ),
        class_name="bp-insights-trust",
    )
    return rx.el.footer(
        about,
        rx.el.div(
            rx.cond(data.pieces, rx.el.span(data.pieces)),
            events,
            pin_button(tile.id, title, tile.title),
            _export_menu(tile),
            class_name="bp-insights-tile-tools",
        ),
        class_name="bp-insights-tile-foot",
    )


def _export_menu(tile: Tile) -> Component:
    """The whole answer as a file, in one menu."""
    return rx.el.details(
        rx.el.summary(
            rx.icon("download", size=14, aria_hidden=True),
            "Export",
            aria_label=f"Export: {tile.title}",
        ),
        rx.el.ul(*(rx.el.li(_export(tile, form)) for form in FORMATS)),
        class_name="bp-insights-export",
    )


def _export(tile: Tile, form: str) -> Component:
    base = get_config().prepend_backend_path(f"{PATH}/")
    path = rx.Var.create(base) + InsightsState.view + f"/{tile.id}.{form}?"
    return rx.el.a(
        FORMATS[form],
        href=backend_address(path + InsightsState.address),
        class_name="bp-link",
        aria_label=f"{FORMATS[form]} of: {tile.title}",
        custom_attrs={"download": f"{tile.id}.{form}", "reloadDocument": True},
    )
