"""The findings, by kind."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.instrumentation.rows import Figure, FindingGroup, FindingRow
from backstage_py.insights.ui.instrumentation.state.instrumentation_state import (
    InstrumentationState,
)
from backstage_py.ui.components import chip, figure


def figures() -> Component:
    """The page at a glance."""
    return rx.el.ul(rx.foreach(InstrumentationState.figures, _figure), class_name="bp-figures")


def _figure(one: ObjectVar[Figure]) -> Component:
    return figure(one.label, one.value, one.meaning)


def findings() -> Component:
    """The findings of each kind, or that there are none."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Findings"),
            rx.el.p("Rule violations and how to fix them."),
            class_name="bp-section-head",
        ),
        rx.cond(
            InstrumentationState.groups,
            rx.el.div(
                rx.foreach(InstrumentationState.groups, _group),
                class_name="bp-table-box bp-instrumentation-findings",
            ),
            _all_well(),
        ),
        class_name="bp-section",
    )


def _all_well() -> Component:
    return rx.el.div(
        rx.icon("circle-check", size=22, aria_hidden=True),
        rx.el.div(
            rx.el.h3("Nothing to fix"),
            rx.el.p("Every declared capture was received, and nothing else."),
        ),
        class_name="bp-card bp-verdict",
        data_tone="good",
    )


def _group(group: ObjectVar[FindingGroup]) -> Component:
    return rx.el.details(
        rx.el.summary(
            rx.icon("chevron-right", size=16, aria_hidden=True),
            rx.el.h3(group.title),
            chip(group.count),
            rx.el.span(group.meaning, class_name="bp-muted"),
        ),
        rx.el.ul(rx.foreach(group.found, _finding)),
        rx.cond(group.rest, rx.el.p(group.rest, class_name="bp-muted")),
        key=group.kind,
        open=group.is_open,
    )


def _finding(finding: ObjectVar[FindingRow]) -> Component:
    return rx.el.li(
        rx.el.p(rx.el.strong(finding.about), " ", finding.problem, "."),
        rx.el.p(finding.hint, ".", class_name="bp-muted"),
    )
