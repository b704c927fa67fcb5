"""What changed this week, and why."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.movement_rows import MovementRow
from backstage_py.insights.ui.pages.layout import insights_page
from backstage_py.insights.ui.state.changes_state import ChangesState
from backstage_py.insights.ui.state.filter_state import FilterState
from backstage_py.insights.ui.state.page_state import InsightsState
from backstage_py.ui.components import empty_state, skeleton_rows


def changes_page() -> Component:
    """The movements that matter, the surest first."""
    page = ChangesState.page
    problem = rx.el.p(page.problem, role="alert", class_name="bp-warning bp-insights-tile-problem")
    nothing = empty_state("No movements", page.nothing, icon="activity")
    found = rx.fragment(
        rx.el.p(page.span, class_name="bp-muted"),
        rx.cond(
            page.rows,
            rx.el.div(rx.foreach(page.rows, _movement), class_name="bp-insights-list"),
            nothing,
        ),
        rx.foreach(page.notes, lambda note: rx.el.p(note, class_name="bp-muted")),
    )
    return insights_page(
        "changes",
        rx.el.div(
            rx.cond(
                ChangesState.is_loaded, rx.cond(page.problem, problem, found), skeleton_rows(8)
            ),
            class_name="bp-insights-list",
            key=InsightsState.address,
            on_mount=ChangesState.load,
        ),
        subtitle="The last seven days of this period against the same days of earlier weeks.",
    )


def _movement(row: ObjectVar[MovementRow]) -> Component:
    icon = rx.cond(
        row.direction == "up",
        rx.icon("trending-up", size=18, aria_hidden=True),
        rx.icon("trending-down", size=18, aria_hidden=True),
    )
    filtering = rx.el.button(
        "Filter by this",
        type="button",
        class_name="bp-insights-drill",
        aria_label=f"Filter by {row.title}",
        on_click=FilterState.add_row(row.filters),
    )
    return rx.el.article(
        rx.el.div(
            rx.el.h2(row.title),
            rx.el.p(row.numbers),
            rx.el.ul(rx.foreach(row.facts, rx.el.li)),
        ),
        rx.el.div(
            rx.el.span(icon, row.change, class_name="bp-insights-change"),
            rx.cond(row.filters, rx.el.div(filtering)),
        ),
        class_name="bp-card bp-insights-movement",
        key=row.key,
    )
