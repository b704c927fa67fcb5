"""The pipeline's problems and counters."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.health.rows import Figure
from backstage_py.plugins.health.state.health_state import HealthState
from backstage_py.portal.components import figure


def verdict() -> Component:
    """The list of problems, or the message that there are none."""
    return rx.cond(HealthState.problems, _problems(), _all_well())


def _all_well() -> Component:
    return rx.el.section(
        rx.icon("circle-check", size=22, aria_hidden=True),
        rx.el.div(
            rx.el.h2("No problems"),
            rx.cond(
                HealthState.backends,
                rx.el.p("Events are stored, and every backend accepts them."),
                rx.el.p("Events are stored. No backend is configured."),
            ),
        ),
        class_name="bp-card bp-verdict",
        data_tone="good",
    )


def _problems() -> Component:
    count = HealthState.problems.length()
    return rx.el.section(
        rx.icon("triangle-alert", size=22, aria_hidden=True),
        rx.el.div(
            rx.el.h2(rx.cond(count == 1, "1 problem", f"{count} problems")),
            rx.el.ul(rx.foreach(HealthState.problems, rx.el.li)),
        ),
        class_name="bp-card bp-verdict",
        data_tone="bad",
    )


def figures() -> Component:
    """The counters of this process."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Pipeline"),
            rx.el.p("Counted since this process started. Each process has its own counters."),
            class_name="bp-section-head",
        ),
        rx.el.ul(rx.foreach(HealthState.figures, _figure), class_name="bp-figures"),
        class_name="bp-section",
    )


def _figure(one: ObjectVar[Figure]) -> Component:
    return figure(one.label, one.value, one.meaning, is_problem=one.is_problem)
