"""The page of a person's notifications."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.plugins.notifications.components.filters import filters
from backstage_py.plugins.notifications.components.notification_list import notification_list
from backstage_py.plugins.notifications.state.list_state import NotificationsState
from backstage_py.plugins.notifications.texts import text
from backstage_py.portal.components import (
    empty_state,
    filtered_list,
    page,
    page_header,
    skeleton_rows,
)
from backstage_py.portal.language import language
from backstage_py.portal.plugin import PageContent


def notifications_page(_contents: Sequence[PageContent]) -> Component:
    """The list of notifications; new ones appear automatically."""
    return rx.el.div(
        page(
            page_header(
                text("notifications"), subtitle=text("subtitle"), actions=[_mark_all_read()]
            ),
            filtered_list(filters(), _list(), label=text("filters")),
        ),
        lang=language(),
    )


def _list() -> Component:
    state = NotificationsState
    is_filtered = (
        (state.view != "unread") | state.text.bool() | state.age.bool() | (state.least != "low")
    )
    nothing = rx.cond(
        is_filtered,
        empty_state(text("nothingFits"), text("nothingFitsHint"), icon="bell-off"),
        empty_state(text("nothing"), text("nothingHint"), icon="bell"),
    )
    broken = rx.el.p(text("broken"), role="alert", class_name="bp-card bp-warning")
    return rx.cond(
        state.is_loaded,
        rx.cond(state.is_broken, broken, rx.cond(state.total, notification_list(), nothing)),
        skeleton_rows(6),
    )


def _mark_all_read() -> Component:
    button = rx.el.button(
        rx.icon("check-check", size=16, aria_hidden=True),
        text("markAllRead"),
        type="button",
        class_name="bp-button",
    )
    cancel = rx.el.button(text("cancel"), type="button", class_name="bp-button")
    confirm = rx.el.button(
        text("confirm"),
        type="button",
        class_name="bp-button bp-primary",
    )
    return rx.alert_dialog.root(
        rx.alert_dialog.trigger(button),
        rx.alert_dialog.content(
            rx.alert_dialog.title(text("confirmTitle")),
            rx.alert_dialog.description(text("confirmText")),
            rx.el.div(
                rx.alert_dialog.cancel(cancel),
                rx.alert_dialog.action(confirm, on_click=NotificationsState.mark_all_read),
                class_name="bp-actions bp-dialog-actions",
            ),
            class_name="bp-dialog",
        ),
    )
