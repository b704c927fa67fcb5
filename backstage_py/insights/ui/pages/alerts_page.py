"""Alerts and digests: the rules, their states, and what was sent."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.alert_rows import AlertRow, MessageRow
from backstage_py.insights.ui.pages.layout import insights_page
from backstage_py.insights.ui.state.alerts_state import AlertsState
from backstage_py.ui.components import code_block, empty_state, skeleton_rows

_EXAMPLE = """app:
  analytics:
    insights:
      alerts:
        - name: Searches without results
          question: searches-without-result
          when: above
          threshold: 50
          window: 24h
          channels: [inApp]
          to: [group:default/platform-team]"""


def alerts_page() -> Component:
    """The rules of the configuration."""
    problem = rx.el.p(
        AlertsState.problem, role="alert", class_name="bp-warning bp-insights-tile-problem"
    )
    none = rx.fragment(
        empty_state(
            "No alerts yet",
            "Alerts and digests are written in the configuration, as in this example. "
            "docs/alerts.md has all keys.",
            icon="bell",
        ),
        code_block(_EXAMPLE, label="An alert in the configuration"),
    )
    found = rx.cond(AlertsState.rules, _rules(), none)
    return insights_page(
        "alerts",
        rx.el.div(
            rx.el.div(
                rx.cond(AlertsState.said, rx.el.p(AlertsState.said, class_name="bp-message")),
                role="status",
            ),
            rx.cond(
                AlertsState.is_loaded,
                rx.cond(AlertsState.problem, problem, found),
                skeleton_rows(6),
            ),
            class_name="bp-insights-list",
            on_mount=AlertsState.load,
        ),
        subtitle="Who is told what, and when.",
        has_period=False,
    )


def _rules() -> Component:
    return rx.fragment(
        rx.el.div(rx.foreach(AlertsState.rules, _rule), class_name="bp-insights-list"),
        rx.el.h2("Latest messages"),
        rx.cond(
            AlertsState.messages,
            rx.el.div(rx.foreach(AlertsState.messages, _message), class_name="bp-insights-list"),
            rx.el.p("Nothing has been sent yet.", class_name="bp-muted"),
        ),
    )


def _rule(row: ObjectVar[AlertRow]) -> Component:
    test = rx.el.button(
        rx.icon("send", size=15, aria_hidden=True),
        "Send a test",
        type="button",
        class_name="bp-button",
        aria_label=f"Send a test of {row.name}",
        on_click=AlertsState.send_test(row.name),
    )
    return rx.el.article(
        rx.el.div(
            rx.el.h2(row.name),
            rx.el.p(row.says),
            rx.el.p(rx.el.span(row.state, class_name="bp-insights-state", data_tone=row.tone)),
            rx.cond(row.problem, rx.el.p(row.problem, class_name="bp-warning")),
            rx.el.ul(
                rx.el.li("Channels: ", row.channels.join(", ")),
                rx.cond(row.checked, rx.el.li("Last looked at ", row.checked)),
            ),
        ),
        rx.el.div(rx.cond(AlertsState.may_manage, test)),
        class_name="bp-card bp-insights-movement",
        key=row.name,
    )


def _message(row: ObjectVar[MessageRow]) -> Component:
    return rx.el.article(
        rx.el.div(
            rx.el.h3(row.title),
            rx.el.p(row.body),
            rx.cond(row.problem, rx.el.p(row.problem, class_name="bp-warning")),
        ),
        rx.el.div(rx.el.span(row.state), rx.el.div(row.when, class_name="bp-muted")),
        class_name="bp-card bp-insights-movement",
        key=row.key,
    )
