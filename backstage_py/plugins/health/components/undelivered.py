"""The table of events that a backend has not accepted."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import ANALYTICS_MANAGE
from backstage_py.plugins.health.components.mark import mark
from backstage_py.plugins.health.rows import BackendRow, UndeliveredRow
from backstage_py.plugins.health.state.health_state import HealthState
from backstage_py.portal.components import chip, empty_state, entries_table, field
from backstage_py.portal.session import may

_STATES = {
    "": "Dead or waiting",
    "dead": "Dead letters",
    "waiting": "Waiting",
    "dropped": "Dropped by the backend",
}


def undelivered() -> Component:
    """The undelivered events, the newest first; each opens to show the reason."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Events not delivered"),
            rx.el.p(
                "Dead letters are kept until you retry them or delete them from the command line: ",
                rx.el.code("python -m backstage_py deliveries purge"),
            ),
            class_name="bp-section-head",
        ),
        _filters(),
        rx.cond(HealthState.events, _events(), _nothing()),
        rx.cond(HealthState.rest, rx.el.p(HealthState.rest, class_name="bp-muted")),
        class_name="bp-section",
    )


def _filters() -> Component:
    return rx.el.div(
        rx.el.label(
            "State",
            rx.el.select(
                *(rx.el.option(text, value=state) for state, text in _STATES.items()),
                name="state",
                value=HealthState.chosen_state,
                on_change=HealthState.choose_state,
            ),
        ),
        rx.el.label(
            "Backend",
            rx.el.select(
                rx.el.option("All", value=""),
                rx.foreach(HealthState.backends, _option),
                name="backend",
                value=HealthState.chosen_backend,
                on_change=HealthState.choose_backend,
            ),
        ),
        class_name="bp-filters bp-health-wide-filters",
    )


def _option(row: ObjectVar[BackendRow]) -> Component:
    return rx.el.option(row.name, value=row.name)


def _nothing() -> Component:
    is_filtered = (HealthState.chosen_state != "") | (HealthState.chosen_backend != "")  # ruff: ignore[compare-to-empty-string]
    everything = empty_state(
        "Everything is delivered",
        "No events failed, and none are waiting for a retry.",
        icon="mail-check",
    )
    filtered = empty_state(
        "No matches",
        "There are no undelivered events with this state and backend.",
        icon="search-x",
    )
    return rx.el.div(rx.cond(is_filtered, filtered, everything), class_name="bp-card")


def _events() -> Component:
    return rx.el.div(
        rx.foreach(HealthState.events, _event),
        class_name="bp-table-box bp-event-rows bp-health-undelivered",
    )


def _event(row: ObjectVar[UndeliveredRow]) -> Component:
    return rx.el.details(
        rx.el.summary(
            mark(row.tone, row.state),
            rx.el.time(row.time),
            rx.el.span(
                rx.cond(row.action, chip(row.action, class_name="bp-chip bp-action")),
                rx.el.span(row.subject, class_name="bp-subject"),
                class_name="bp-health-what",
            ),
            rx.el.span(row.reason, class_name="bp-where"),
            rx.el.span(row.backend, class_name="bp-health-backend"),
        ),
        rx.el.div(
            rx.el.div(
                rx.el.p(row.reason, class_name="bp-health-full-reason"),
                rx.cond(row.can_retry & may(ANALYTICS_MANAGE), _retry(row)),
                class_name="bp-health-undelivered-head",
            ),
            _fields(row),
            entries_table("Attributes", row.attributes),
            entries_table("Context", row.context),
        ),
        key=row.key,
    )


def _fields(row: ObjectVar[UndeliveredRow]) -> Component:
    return rx.el.dl(
        field("Subject", row.subject),
        rx.cond(row.value, field("Value", row.value)),
        field("Backend", row.backend),
        field("Tries", row.tries),
        rx.cond(row.failing_since, field("Failing since", row.failing_since)),
        rx.cond(row.next_try, field("Next retry", row.next_try)),
        rx.cond(row.captured, field("Captured", row.captured)),
        rx.cond(row.user, field("User", row.user)),
        field("Session", rx.cond(row.session, row.session, "unknown")),
        field("Event id", row.event_id),
        class_name="bp-fields",
    )


def _retry(row: ObjectVar[UndeliveredRow]) -> Component:
    return rx.el.button(
        rx.icon("rotate-cw", size=16, aria_hidden=True),
        "Retry",
        type="button",
        class_name="bp-button",
        on_click=HealthState.retry_event(row.backend, row.event_id),
    )
