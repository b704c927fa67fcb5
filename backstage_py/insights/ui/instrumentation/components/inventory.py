"""The captures of the app, and how often each was received."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.instrumentation.rows import InventoryRow
from backstage_py.insights.ui.instrumentation.state.instrumentation_state import (
    InstrumentationState,
)
from backstage_py.ui.components import chip, empty_state, search_field

_COLUMNS = ("Action", "Subject", "Plugin", "Attributes and context", "Where", "Received")
_STATUSES = {"": "All", "received": "Received", "never": "Never received"}


def inventory() -> Component:
    """A row for each distinct capture."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Inventory"),
            rx.el.p(
                "Found when the app was compiled. A ? marks an attribute that only some captures "
                "have; what components in JavaScript capture by themselves is not seen."
            ),
            class_name="bp-section-head",
        ),
        _filters(),
        rx.el.p(InstrumentationState.rest, role="status", class_name="bp-muted"),
        rx.cond(InstrumentationState.rows, _table(), _nothing()),
        class_name="bp-section",
    )


def _filters() -> Component:
    state = InstrumentationState
    return rx.el.div(
        search_field(
            placeholder="Search all columns",
            value=state.text,
            on_change=state.search,
            class_name="bp-grow",
        ),
        _select("Plugin", state.plugins, state.plugin, state.choose_plugin),
        _select("Action", state.actions, state.action, state.choose_action),
        rx.el.label(
            "Status",
            rx.el.select(
                *(rx.el.option(text, value=value) for value, text in _STATUSES.items()),
                name="status",
                value=state.status,
                on_change=state.choose_status,
            ),
        ),
        class_name="bp-filters",
        role="search",
    )


def _select(label: str, options: Any, value: rx.Var[str], on_change: Any) -> Component:
    return rx.el.label(
        label,
        rx.el.select(
            rx.el.option("All", value=""),
            rx.foreach(options, lambda option: rx.el.option(option, value=option)),
            name=label.lower(),
            value=value,
            on_change=on_change,
        ),
    )


def _nothing() -> Component:
    return rx.el.div(
        empty_state("No matches", "No captures match these filters.", icon="search-x"),
        class_name="bp-card",
    )


def _table() -> Component:
    head = rx.el.tr(*(rx.el.th(text, scope="col") for text in _COLUMNS))
    return rx.el.div(
        rx.el.table(
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(InstrumentationState.rows, _row)),
            class_name="bp-table bp-instrumentation-inventory",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label="Inventory",
    )


def _row(row: ObjectVar[InventoryRow]) -> Component:
    subject = rx.cond(
        row.is_subject_known, rx.el.span(row.subject), rx.el.em(row.subject, class_name="bp-muted")
    )
    return rx.el.tr(
        rx.el.th(chip(row.action, class_name="bp-chip bp-action"), scope="row"),
        _cell("Subject", subject),
        _cell("Plugin", rx.el.span(row.plugin), rx.el.span(row.extension, class_name="bp-muted")),
        _cell(
            "Attributes and context",
            rx.cond(row.attributes, _keys("attributes", row.attributes)),
            rx.cond(row.context, _keys("context", row.context)),
            rx.cond(row.attributes | row.context, rx.fragment(), _none()),
        ),
        _cell("Where", rx.el.span(row.places), rx.el.span(row.components, class_name="bp-muted")),
        _cell("Received", _received(row)),
        key=row.key,
        data_tone=row.tone,
    )


def _cell(label: str, *content: Component) -> Component:
    """A cell; on a phone it bears its label, since the head of the table is hidden there."""
    return rx.el.td(rx.el.div(*content, class_name="bp-instrumentation-lines"), data_label=label)


def _none() -> Component:
    return rx.el.span("None", class_name="bp-muted")


def _keys(label: str, keys: Any) -> Component:
    return rx.el.span(
        rx.el.span(label, class_name="bp-visually-hidden"),
        rx.foreach(keys, rx.el.code),
        class_name="bp-instrumentation-keys",
        data_kind=label,
    )


def _received(row: ObjectVar[InventoryRow]) -> Component:
    condition = rx.cond(
        row.is_conditional,
        rx.el.span("only under a condition", class_name="bp-muted"),
    )
    return rx.fragment(
        rx.cond(
            row.last_seen,
            rx.fragment(
                rx.el.strong(row.received), rx.el.span(row.last_seen, class_name="bp-muted")
            ),
            rx.el.span("Never", class_name="bp-muted"),
        ),
        condition,
    )
