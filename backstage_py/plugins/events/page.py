"""The page on which one watches events arrive."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.events.rows import Entry, EventRow
from backstage_py.plugins.events.state import EventsState
from backstage_py.portal.components import (
    chip,
    empty_state,
    field,
    page,
    page_header,
    skeleton_rows,
)
from backstage_py.portal.plugin import PageContent

LOOK_EVERY_MILLISECONDS = 1_000
ACTIONS = ("navigate", "click", "search", "discover", "create", "not-found")


def events_page(_contents: Sequence[PageContent]) -> Component:
    """Events as they are captured, the newest first."""
    forbidden = empty_state(
        "Not for you",
        "The owner has not given you the permission to read analytics.",
        icon="lock",
    )
    return rx.fragment(
        _timer(),
        page(
            page_header(
                "Events",
                subtitle="What is being captured right now. Open an event to see all of it.",
                actions=[_live(), _pause()],
            ),
            rx.cond(EventsState.is_allowed, rx.fragment(_filter(), _events()), forbidden),
        ),
    )


def _timer() -> Component:
    """Asks for what is new; it stops with the tab, so that nobody is served for nothing."""
    ticking = rx.moment(
        interval=LOOK_EVERY_MILLISECONDS, display="none", on_change=EventsState.look
    )
    return rx.cond(EventsState.is_live & EventsState.is_allowed, ticking)


def _live() -> Component:
    return rx.el.span(
        rx.cond(EventsState.is_live, "Live", "Paused"),
        class_name="bp-live",
        data_on=rx.cond(EventsState.is_live, "true", "false"),
        role="status",
    )


def _pause() -> Component:
    return rx.cond(
        EventsState.is_live,
        rx.el.button("Pause", type="button", class_name="bp-button", on_click=EventsState.pause),
        rx.el.button("Resume", type="button", class_name="bp-button", on_click=EventsState.resume),
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
        "Go somewhere in the portal, and what you do there appears here.",
        icon="radio",
    )
    rows = rx.el.div(rx.foreach(EventsState.rows, _event), class_name="bp-table-box bp-events")
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
            _entries("Attributes", row.attributes),
            _entries("Context", row.context),
        ),
        key=row.id,
    )


def _entries(title: str, entries: rx.Var[list[Entry]]) -> Component:
    table = rx.el.table(
        rx.el.caption(title),
        rx.el.tbody(rx.foreach(entries, _entry)),
        class_name="bp-entries",
    )
    return rx.cond(entries, table)


def _entry(entry: ObjectVar[Entry]) -> Component:
    return rx.el.tr(rx.el.th(entry.key, scope="row"), rx.el.td(rx.el.code(entry.value)))
