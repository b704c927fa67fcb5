"""The filters of a page: each a chip, and a form that adds one."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.components.forms import condition_fields, problem_text
from backstage_py.insights.ui.form_rows import Chosen
from backstage_py.insights.ui.state.filter_state import FilterState
from backstage_py.insights.ui.state.page_state import InsightsState


def filter_bar() -> Component:
    """The filters of the page, and the form that adds one."""
    filters = InsightsState.form.conditions
    toggle = rx.el.button(
        rx.icon("list-filter", size=16, aria_hidden=True),
        "Filter",
        type="button",
        class_name="bp-button",
        aria_expanded=FilterState.is_open,
        on_click=FilterState.toggle,
    )
    clear = rx.el.button(
        "Clear filters",
        type="button",
        class_name="bp-insights-drill",
        on_click=FilterState.clear,
    )
    form = rx.el.form(
        *condition_fields("page-filters"),
        rx.el.button("Apply", type="submit", class_name="bp-button"),
        on_submit=FilterState.add,
        reset_on_submit=True,
        class_name="bp-filters",
    )
    return rx.el.div(
        rx.el.div(
            toggle,
            rx.el.ul(rx.foreach(filters, _chip), aria_label="Filters"),
            rx.cond(filters, clear),
            class_name="bp-insights-chosen-list",
        ),
        rx.cond(FilterState.is_open, form),
        problem_text(FilterState.problem),
        class_name="bp-insights-filter-bar",
    )


def _chip(one: ObjectVar[Chosen]) -> Component:
    return rx.el.li(
        rx.el.span(one.text),
        rx.el.button(
            rx.icon("x", size=14, aria_hidden=True),
            type="button",
            aria_label=f"Remove {one.text}",
            class_name="bp-insights-chip-remove",
            on_click=FilterState.remove(one.value.to(int)),
        ),
        class_name="bp-insights-chosen",
    )
