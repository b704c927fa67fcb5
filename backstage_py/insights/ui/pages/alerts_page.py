"""Alerts and digests: the rules, their states, and what was sent."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.alerts.rules import MAX_NAME
from backstage_py.insights.ui.alert_rows import AlertRow, MessageRow, list_columns, list_questions
from backstage_py.insights.ui.components.forms import condition_fields, problem_text
from backstage_py.insights.ui.pages.layout import insights_page
from backstage_py.insights.ui.state.alerts_state import AlertsState
from backstage_py.ui.components import code_block, empty_state, skeleton_rows

_WHEN = {
    "above": "above the threshold",
    "below": "below the threshold",
    "changedBy": "changed by this many per cent",
    "unusual": "unusual",
    "silent": "zero",
}
_WINDOWS = {"1h": "1 hour", "24h": "24 hours", "7d": "7 days", "4w": "4 weeks"}
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
    """The rules of the configuration and of the page, and a form for another one."""
    problem = rx.el.p(
        AlertsState.problem, role="alert", class_name="bp-warning bp-insights-tile-problem"
    )
    none = rx.fragment(
        empty_state(
            "No alerts yet",
            "Digests, and alerts to other channels than notifications, are written in the "
            "configuration, as in this example. docs/alerts.md has all keys.",
            icon="bell",
        ),
        code_block(_EXAMPLE, label="An alert in the configuration"),
    )
    found = rx.fragment(
        rx.cond(AlertsState.rules, _rules(), none),
        rx.cond(AlertsState.may_manage, _new_rule()),
    )
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


def _new_rule() -> Component:
    """The form that adds a rule which tells people in the app."""
    form = rx.el.form(
        _field("Name", rx.el.input(name="name", required=True, max_length=MAX_NAME)),
        _field(
            "Watch",
            rx.el.select(
                *(rx.el.option(text, value=name) for name, text in list_questions().items()),
                name="question",
                class_name="bp-insights-question",
            ),
        ),
        _field(
            "Number (optional)",
            rx.el.input(name="column", list="alert-columns", auto_complete="off"),
        ),
        _field(
            "When it is",
            rx.el.select(
                *(rx.el.option(text, value=value) for value, text in _WHEN.items()), name="when"
            ),
        ),
        _field("Threshold", rx.el.input(name="threshold", input_mode="decimal", size=8)),
        _field(
            "Within",
            rx.el.select(
                *(rx.el.option(text, value=value) for value, text in _WINDOWS.items()),
                name="window",
            ),
        ),
        *condition_fields("alert-fields"),
        _field(
            "Tell",
            rx.el.input(
                name="to",
                list="alert-people",
                placeholder="group:default/platform-team",
                required=True,
                auto_complete="off",
                class_name="bp-insights-path-input",
            ),
        ),
        rx.el.datalist(
            *(rx.el.option(value=column) for column in list_columns()), id="alert-columns"
        ),
        rx.el.datalist(
            rx.foreach(AlertsState.people, lambda one: rx.el.option(value=one)), id="alert-people"
        ),
        rx.el.button(
            rx.icon("plus", size=16, aria_hidden=True),
            "Add the alert",
            type="submit",
            class_name="bp-button",
        ),
        on_submit=AlertsState.add,
        class_name="bp-filters",
    )
    return rx.el.details(
        rx.el.summary("New alert"),
        rx.el.div(
            form,
            problem_text(AlertsState.wrong),
            rx.el.p(
                "It tells users or groups by notifications; separate several by commas. The filter "
                "is optional.",
                class_name="bp-muted",
            ),
            class_name="bp-insights-builder",
        ),
        class_name="bp-card bp-insights-new-rule",
    )


def _field(title: str, content: Component) -> Component:
    return rx.el.label(title, content)


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
    remove = rx.el.button(
        rx.icon("trash-2", size=15, aria_hidden=True),
        "Remove",
        type="button",
        class_name="bp-button",
        aria_label=f"Remove the alert {row.name}",
        on_click=AlertsState.remove(row.name),
    )
    return rx.el.article(
        rx.el.div(
            rx.el.h2(row.name),
            rx.el.p(row.says),
            rx.el.p(rx.el.span(row.state, class_name="bp-insights-state", data_tone=row.tone)),
            rx.cond(row.problem, rx.el.p(row.problem, class_name="bp-warning")),
            rx.el.ul(
                rx.el.li("Channels: ", row.channels.join(", ")),
                rx.cond(row.checked, rx.el.li("Last checked ", row.checked)),
                rx.cond(row.author, rx.el.li("Made by ", row.author)),
            ),
        ),
        rx.cond(
            AlertsState.may_manage,
            rx.el.div(test, rx.cond(row.author, remove), class_name="bp-actions"),
        ),
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
