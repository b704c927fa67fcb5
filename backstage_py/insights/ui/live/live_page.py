"""The page on which one watches events arrive."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import ANALYTICS_EVENT_READ
from backstage_py.insights.ui.host import get_host
from backstage_py.insights.ui.live.live_state import EventsState
from backstage_py.insights.ui.live.rows import EventRow
from backstage_py.ui.components import (
    chip,
    empty_state,
    entries_table,
    field,
    live_controls,
    page,
    page_header,
    skeleton_rows,
)

ACTIONS = ("navigate", "click", "search", "discover", "create", "not-found")


def live_page(*above: Component) -> Component:
    """Captured events, newest first, below what an app has `above` them."""
    return rx.fragment(
        page(
            page_header(
                "Events",
                subtitle="Events as they are captured. Open one to see its details.",
                actions=live_controls(
                    EventsState.is_live, pause=EventsState.pause, resume=EventsState.resume
                ),
            ),
            rx.cond(
                EventsState.is_allowed,
                rx.fragment(*above, _filter(), _events()),
                get_host().refuse(ANALYTICS_EVENT_READ),
            ),
        ),
    )


def _filter() -> Component:
    return rx.el.div(
        rx.el.label(
            "Action",
            rx.el.select(
                rx.el.option("All", value=""),
                *(rx.el.option(action, value=action) for action in ACTIONS),
                name="action",
                value=EventsState.action,
                on_change=EventsState.choose_action,
            ),
        ),
        class_name="bp-filters",
    )


def _events() -> Component:
    nothing = empty_state(
        "No events yet",
        "Use the app in another tab, and its events appear here.",
        icon="radio",
    )
    rows = rx.el.div(rx.foreach(EventsState.rows, _event), class_name="bp-table-box bp-event-rows")
    return rx.cond(
        EventsState.is_loaded, rx.cond(EventsState.rows, rows, nothing), skeleton_rows(8)
    )


def _event(row: ObjectVar[EventRow]) -> Component:
    return rx.el.details(
        rx.el.summary(
            rx.el.time(row.time, date_time=row.moment),
            rx.el.span(chip(row.action, class_name="bp-chip bp-action")),
            rx.el.span(row.subject, class_name="bp-subject"),
            rx.el.span(row.place, class_name="bp-where"),
        ),
        rx.el.div(
            rx.el.dl(
                field("Subject", row.subject),
                rx.cond(row.value, field("Value", row.value)),
                field("User", row.user),
                field("Captured", row.moment),
                field("Origin", row.origin),
                field("Id", row.id),
                class_name="bp-fields",
            ),
            entries_table("Attributes", row.attributes),
            entries_table("Context", row.context),
        ),
        key=row.id,
    )
