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
    search_field,
    skeleton_table,
)

ACTIONS = ("navigate", "click", "search", "discover", "create", "not-found")
_BOX = "bp-table-box bp-event-rows bp-live-rows"


def live_page(*above: Component) -> Component:
    """Captured events, newest first, below what an app has `above` them."""
    return rx.fragment(
        page(
            page_header(
                "Events",
                subtitle="Events as they are captured. Open one to see its details.",
                actions=live_controls(
                    EventsState.is_live,
                    pause=EventsState.pause,
                    resume=EventsState.resume,
                    waiting=EventsState.waiting,
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
        search_field(
            "Plugin",
            placeholder="Any, or an id",
            value=EventsState.plugin,
            on_change=EventsState.choose_plugin,
            name="plugin",
        ),
        rx.cond(
            EventsState.has_names,
            search_field(
                "User",
                placeholder="Any, or user:default/name",
                value=EventsState.user,
                on_change=EventsState.choose_user,
                name="user",
                class_name="bp-grow",
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
    no_match = empty_state(
        "No event fits the filters",
        "Choose another action, plugin or user, or wait until one is captured.",
        icon="search-x",
    )
    rows = rx.el.div(_head(), rx.foreach(EventsState.rows, _event), class_name=_BOX)
    return rx.cond(
        EventsState.is_loaded,
        rx.cond(EventsState.rows, rows, rx.cond(EventsState.is_filtered, no_match, nothing)),
        skeleton_table(20),
    )


def _head() -> Component:
    """What the columns are; on a phone there are none."""
    names = ("Time", "Action", "Subject", "Plugin / extension", "User")
    return rx.el.div(*map(rx.el.span, names), aria_hidden=True, class_name="bp-event-head")


def _event(row: ObjectVar[EventRow], place: rx.Var[int]) -> Component:
    """A line of the list; each has a fixed place, so that a new event moves no line of it."""
    summary = rx.el.summary(
        rx.el.time(row.time, date_time=row.moment),
        rx.el.span(chip(row.action, class_name="bp-chip bp-action", data_action=row.action)),
        rx.el.span(row.subject, class_name="bp-subject"),
        rx.el.span(row.place, class_name="bp-where"),
        rx.el.span(row.user, class_name="bp-who"),
        on_click=EventsState.toggle(row.id).prevent_default,
    )
    is_open = EventsState.opened == row.id
    return rx.el.details(summary, rx.cond(is_open, _facts(row)), key=place, open=is_open)


def _facts(row: ObjectVar[EventRow]) -> Component:
    copy = rx.el.button(
        rx.icon("copy", size=16, aria_hidden=True),
        "Copy as JSON",
        type="button",
        class_name="bp-button bp-small",
        on_click=EventsState.copy(row.id),
    )
    return rx.el.div(
        rx.el.dl(
            rx.cond(row.value, field("Value", row.value)),
            field("User", row.user),
            rx.cond(row.session, field("Visit", row.session)),
            field("Captured", row.moment),
            field("Received", row.received),
            field("Origin", row.origin),
            field("Id", row.id),
            class_name="bp-fields",
        ),
        entries_table("Attributes", row.attributes),
        entries_table("Context", row.context),
        rx.el.div(copy, class_name="bp-actions"),
    )
