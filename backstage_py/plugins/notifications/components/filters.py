"""The filters beside the list of notifications."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.plugins.notifications.notification import SEVERITIES, Order, View
from backstage_py.plugins.notifications.state.list_state import AGES, NotificationsState
from backstage_py.plugins.notifications.texts import text
from backstage_py.portal.components import search_field


def filters() -> Component:
    """The filters: view, words, time, severity and order."""
    state = NotificationsState
    return rx.el.div(
        rx.el.fieldset(
            rx.el.legend(text("view")),
            *(_view(view) for view in View),
            class_name="bp-user-lists",
        ),
        search_field(
            text("search"),
            placeholder=text("searchPlaceholder"),
            value=state.text,
            on_change=state.filter_text,
        ),
        _select("sentOut", _ages(), state.age, state.filter_age),
        _select(
            "severity",
            [(str(one), str(one)) for one in SEVERITIES[::-1]],
            state.least,
            state.filter_severity,
        ),
        _select("sortBy", [(str(one), str(one)) for one in Order], state.order, state.sort),
        class_name="bp-filter-stack",
    )


def _ages() -> list[tuple[str, str]]:
    return [(age, age or "anyTime") for age in AGES]


def _view(view: View) -> Component:
    return rx.el.button(
        rx.el.span(text(str(view))),
        type="button",
        class_name="bp-user-list",
        aria_pressed=NotificationsState.view == str(view),
        on_click=NotificationsState.filter_view(str(view)),
    )


def _select(
    title: str, choices: Sequence[tuple[str, str]], chosen: rx.Var[str], on_change: Any
) -> Component:
    options = (rx.el.option(text(key), value=value) for value, key in choices)
    return rx.el.label(
        text(title), rx.el.select(*options, name=title, value=chosen, on_change=on_change)
    )
