"""The events behind a number, in a dialog."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.event_rows import EventRow
from backstage_py.insights.ui.state.events_state import EventsBehindState
from backstage_py.ui.components import chip, entries_table, field, skeleton_rows


def events_dialog() -> Component:
    """It opens when somebody asks what a number counts."""
    close = rx.dialog.close(
        rx.el.button(
            rx.icon("x", size=18), type="button", aria_label="Close", class_name="bp-icon-button"
        )
    )
    content = rx.dialog.content(
        rx.el.div(
            rx.dialog.title(EventsBehindState.title),
            close,
            class_name="bp-insights-behind-head",
        ),
        rx.dialog.description(
            rx.cond(
                EventsBehindState.total,
                rx.fragment(EventsBehindState.total.to_string(), " events"),
                "Events",
            ),
            rx.cond(EventsBehindState.says, rx.fragment(": ", EventsBehindState.says)),
            class_name="bp-muted",
        ),
        rx.cond(EventsBehindState.is_loaded, _events(), skeleton_rows(6)),
        class_name="bp-dialog bp-insights-behind",
    )
    return rx.dialog.root(
        content, open=EventsBehindState.is_open, on_open_change=EventsBehindState.toggle
    )


def _events() -> Component:
    more = rx.el.button(
        "Show more",
        type="button",
        class_name="bp-button",
        on_click=EventsBehindState.show_more,
    )
    rows = rx.el.div(
        rx.foreach(EventsBehindState.rows, _event), class_name="bp-table-box bp-event-rows"
    )
    nothing = rx.el.p("No matching events in this period.", class_name="bp-insights-tile-empty")
    problem = rx.el.p(
        EventsBehindState.problem, role="alert", class_name="bp-warning bp-insights-tile-problem"
    )
    none = rx.cond(EventsBehindState.problem, problem, nothing)
    return rx.fragment(
        rx.cond(EventsBehindState.rows, rows, none),
        rx.cond(EventsBehindState.has_more, more),
    )


def _event(row: ObjectVar[EventRow]) -> Component:
    return rx.el.details(
        rx.el.summary(
            rx.el.time(row.time, date_time=row.moment),
            rx.el.span(chip(row.action, class_name="bp-chip bp-action")),
            rx.el.span(row.subject, class_name="bp-subject"),
            rx.el.span(row.user, class_name="bp-where"),
        ),
        rx.el.div(
            rx.el.dl(
                field("Subject", row.subject),
                rx.cond(row.value, field("Value", row.value)),
                field("Person", row.user),
                field("Place", row.place),
                field("Captured", row.moment),
                field("Visit", row.session),
                field("Id", row.id),
                class_name="bp-fields",
            ),
            entries_table("Attributes", row.attributes),
            entries_table("Context", row.context),
        ),
        key=row.id,
    )
