"""A pinned tile as a card, whatever it draws."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.components.chart import spread_chart
from backstage_py.insights.ui.components.cohorts import cohort_table
from backstage_py.insights.ui.components.figures import figures
from backstage_py.insights.ui.components.funnel import funnel_steps
from backstage_py.insights.ui.components.table import answer_table, head_cell
from backstage_py.insights.ui.pinned import PinnedTile
from backstage_py.insights.ui.rows import TileData
from backstage_py.ui.components import link


def pinned_card(tile: ObjectVar[PinnedTile], *tools: Component) -> Component:
    """A card with the tile's title, its period and what it shows; `tools` change it."""
    data = tile.data.to(TileData)
    table = answer_table(tile.title, (), data, heads=[rx.foreach(data.heads, head_cell)])
    behind = rx.el.details(rx.el.summary("Show as table"), table, class_name="bp-insights-as-table")
    shown = rx.match(
        tile.kind,
        ("figures", figures(data)),
        ("lines", rx.fragment(spread_chart(data), behind)),
        ("bars", rx.fragment(spread_chart(data, is_bars=True), behind)),
        ("steps", funnel_steps(data.steps)),
        ("cohorts", cohort_table(tile.title, data)),
        table,
    )
    problem = rx.el.p(data.problem, role="alert", class_name="bp-warning bp-insights-tile-problem")
    nothing = rx.el.p("No data in this period.", class_name="bp-insights-tile-empty")
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(rx.cond(tile.path, link(tile.title, to=tile.path), tile.title)),
                rx.el.p(tile.says, class_name="bp-muted"),
            ),
            *tools,
            class_name="bp-insights-tile-head",
        ),
        rx.cond(data.problem, problem, rx.cond(data.is_empty, nothing, shown)),
        rx.el.footer(rx.el.span(data.foot), class_name="bp-insights-tile-foot"),
        class_name=rx.cond(
            tile.is_wide, "bp-card bp-insights-insight bp-wide", "bp-card bp-insights-insight"
        ),
        key=tile.id,
    )
