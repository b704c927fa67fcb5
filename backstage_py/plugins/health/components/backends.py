"""The backends, and the state of each."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import ANALYTICS_MANAGE
from backstage_py.plugins.health.components.mark import mark
from backstage_py.plugins.health.rows import BackendRow
from backstage_py.plugins.health.state.health_state import HealthState
from backstage_py.portal.components import code_block, empty_state
from backstage_py.portal.session import may

_COLUMNS = {
    "Backend": "",
    "State": "bp-health-state",
    "Owed": "bp-number",
    "Waiting": "bp-number",
    "Dead": "bp-number",
    "Oldest": "bp-number",
    "Action": "bp-health-act",
}
_TERMS = "Owed: not sent yet. Waiting: will be retried. Dead: given up."
_EXAMPLE = """app:
  analytics:
    console: true"""


def backends() -> Component:
    """A row for each backend, or how to configure one."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Backends"),
            rx.cond(HealthState.backends, rx.el.p(_TERMS)),
            class_name="bp-section-head",
        ),
        rx.cond(HealthState.backends, _table(), _nothing()),
        class_name="bp-section",
    )


def _nothing() -> Component:
    where = rx.fragment(
        "Events stay in the portal's own store. To send them on, name a backend in ",
        rx.el.code("app-config.yaml"),
        " under ",
        rx.el.code("app.analytics"),
        ", and start the portal again:",
    )
    return rx.el.div(
        empty_state(
            "No backends configured",
            where,
            code_block(_EXAMPLE, label="An example"),
            icon="unplug",
        ),
        class_name="bp-card",
    )


def _table() -> Component:
    head = rx.el.tr(
        *(rx.el.th(text, scope="col", class_name=name) for text, name in _COLUMNS.items())
    )
    return rx.el.div(
        rx.el.table(
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(HealthState.backends, _backend)),
            class_name="bp-table bp-health-backends",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label="Backends",
    )


def _backend(row: ObjectVar[BackendRow]) -> Component:
    return rx.el.tr(
        rx.el.th(row.name, scope="row"),
        rx.el.td(
            mark(row.tone, row.state),
            rx.cond(row.reason, _reason(row)),
            class_name="bp-health-state",
        ),
        _number("Owed", row.owed),
        _number("Waiting", row.waiting),
        _number("Dead", rx.cond(row.has_dead, mark("bad", row.dead), row.dead)),
        _number("Oldest", row.age),
        rx.el.td(
            rx.cond(row.can_retry & may(ANALYTICS_MANAGE), _retry(row)), class_name="bp-health-act"
        ),
        key=row.name,
    )


def _number(label: str, value: Any) -> Component:
    """A cell; on phones it shows its label, since the table's header is hidden there."""
    return rx.el.td(value, class_name="bp-number", data_label=label)


def _reason(row: ObjectVar[BackendRow]) -> Component:
    long = rx.el.details(
        rx.el.summary(rx.el.span(row.reason, class_name="bp-clamp")), class_name="bp-health-reason"
    )
    return rx.cond(row.is_reason_long, long, rx.el.p(row.reason, class_name="bp-health-reason"))


def _retry(row: ObjectVar[BackendRow]) -> Component:
    return rx.el.button(
        rx.icon("rotate-cw", size=16, aria_hidden=True),
        "Retry all",
        type="button",
        class_name="bp-button",
        aria_label=f"Retry all for {row.name}",
        on_click=HealthState.retry_all(row.name),
    )
