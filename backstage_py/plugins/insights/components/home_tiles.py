"""The widget of the start page with pinned tiles."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.components.figures import figure
from backstage_py.insights.ui.components.spark import spark
from backstage_py.insights.ui.host import BASE
from backstage_py.plugins.insights.home_tiles import HomeTile, ShortRow
from backstage_py.plugins.insights.state.home_tiles_state import HomeTilesState
from backstage_py.portal.components import info_card, link, skeleton_rows


def home_tiles() -> Component:
    """The tiles that dashboards show on the start page."""
    nothing = rx.el.p(
        "Pin a tile to a ",
        link("dashboard", to=f"{BASE}/dashboards"),
        " and choose Show on Home.",
        class_name="bp-muted",
    )
    tiles = rx.el.div(rx.foreach(HomeTilesState.tiles, _tile), class_name="bp-insights-home")
    return info_card(
        "Insights",
        rx.cond(
            HomeTilesState.is_loaded,
            rx.cond(HomeTilesState.tiles, tiles, nothing),
            skeleton_rows(4),
        ),
        on_mount=HomeTilesState.load,
    )


def _tile(tile: ObjectVar[HomeTile]) -> Component:
    figures = rx.el.dl(rx.foreach(tile.figures, figure), class_name="bp-insights-figures")
    rows = rx.el.ul(rx.foreach(tile.rows, _row), class_name="bp-list")
    content = rx.fragment(
        rx.cond(tile.figures, figures),
        rx.cond(tile.lines, spark(tile.lines, tile.summary)),
        rx.cond(tile.rows, rows),
    )
    return rx.el.article(
        rx.el.h3(rx.cond(tile.path, link(tile.title, to=tile.path), tile.title)),
        rx.el.p(tile.says, class_name="bp-muted"),
        rx.cond(tile.problem, rx.el.p(tile.problem, class_name="bp-muted"), content),
        key=tile.id,
    )


def _row(row: ObjectVar[ShortRow]) -> Component:
    return rx.el.li(rx.el.span(row.name), rx.el.span(row.number, class_name="bp-muted bp-number"))
