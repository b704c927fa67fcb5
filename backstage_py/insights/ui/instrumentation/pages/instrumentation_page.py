"""The page on which the owner sees whether the app captures what it should."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import ANALYTICS_EVENT_READ
from backstage_py.insights.ui.host import get_host
from backstage_py.insights.ui.instrumentation.components.findings import figures, findings
from backstage_py.insights.ui.instrumentation.components.inventory import inventory
from backstage_py.insights.ui.instrumentation.components.retention import retention
from backstage_py.insights.ui.instrumentation.state.instrumentation_state import (
    WINDOWS,
    InstrumentationState,
)
from backstage_py.ui.components import empty_state, page, page_header, skeleton_rows


def instrumentation_page(*above: Component) -> Component:
    """What is declared, what was received, and what to fix, below what an app has `above` it."""
    state = InstrumentationState
    return page(
        page_header(
            "Instrumentation",
            subtitle="What the app declares it captures, compared with what was received.",
            actions=[rx.cond(state.is_allowed, _actions())],
        ),
        rx.cond(
            state.is_allowed,
            rx.fragment(*above, rx.cond(state.is_loaded, _content(), skeleton_rows(8))),
            get_host().refuse(ANALYTICS_EVENT_READ),
        ),
    )


def _actions() -> Component:
    state = InstrumentationState
    return rx.fragment(
        rx.el.label(
            rx.el.span("Window", class_name="bp-visually-hidden"),
            rx.el.select(
                *(rx.el.option(text, value=days) for days, text in WINDOWS.items()),
                name="window",
                value=state.window,
                on_change=state.choose_window,
            ),
            class_name="bp-instrumentation-window",
        ),
        rx.el.button(
            rx.icon("download", size=16, aria_hidden=True),
            "Tracking plan",
            type="button",
            class_name="bp-button",
            on_click=state.download_plan,
        ),
    )


def _content() -> Component:
    problem = rx.el.div(
        empty_state(
            "This page cannot be shown", InstrumentationState.problem, icon="file-question"
        ),
        class_name="bp-card",
    )
    return rx.cond(
        InstrumentationState.problem,
        problem,
        rx.fragment(figures(), findings(), inventory(), retention()),
    )
