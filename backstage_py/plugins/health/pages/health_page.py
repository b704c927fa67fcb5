"""The page that shows whether events arrive."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import ANALYTICS_EVENT_READ
from backstage_py.plugins.health.components.backends import backends
from backstage_py.plugins.health.components.pipeline import figures, verdict
from backstage_py.plugins.health.components.undelivered import undelivered
from backstage_py.plugins.health.state.health_state import HealthState
from backstage_py.portal.components import (
    empty_state,
    forbidden,
    live_controls,
    live_timer,
    page,
    page_header,
    skeleton_rows,
)
from backstage_py.portal.plugin import PageContent

LOOK_EVERY_MILLISECONDS = 15_000


def health_page(_contents: Sequence[PageContent]) -> Component:
    """The pipeline's figures, its backends, and undelivered events."""
    return rx.fragment(
        live_timer(
            HealthState.look,
            is_live=HealthState.is_live & HealthState.is_allowed,
            milliseconds=LOOK_EVERY_MILLISECONDS,
        ),
        page(
            page_header(
                "Health",
                subtitle="Whether events reach the store and each backend.",
                actions=live_controls(
                    HealthState.is_live, pause=HealthState.pause, resume=HealthState.resume
                ),
            ),
            rx.cond(
                HealthState.is_allowed,
                rx.cond(HealthState.is_loaded, _health(), skeleton_rows(8)),
                forbidden(ANALYTICS_EVENT_READ),
            ),
        ),
    )


def _health() -> Component:
    no_answer = empty_state(
        "The database is not responding",
        "Backends and events appear once it is back; this page retries automatically. "
        "See the portal's log for the reason.",
        icon="database",
    )
    deliveries = rx.fragment(backends(), rx.cond(HealthState.backends, undelivered()))
    return rx.fragment(
        verdict(),
        figures(),
        rx.cond(HealthState.is_answering, deliveries, no_answer),
        _message(),
    )


def _message() -> Component:
    """The result of an action, visible and announced to screen readers."""
    shown = rx.el.div(
        rx.el.span(HealthState.message),
        rx.el.button(
            rx.icon("x", size=16, aria_hidden=True),
            type="button",
            aria_label="Dismiss",
            class_name="bp-icon-button",
            on_click=HealthState.dismiss,
        ),
        class_name="bp-message",
    )
    return rx.el.div(rx.cond(HealthState.message, shown), role="status", class_name="bp-messages")
