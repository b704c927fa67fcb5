"""The bell in the sidebar, with the number of unread notifications."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import analytics_link
from backstage_py.plugins.notifications.routes import NOTIFICATIONS
from backstage_py.plugins.notifications.state.bell_state import BellState
from backstage_py.plugins.notifications.texts import text
from backstage_py.portal.routes import is_at


def bell() -> Component:
    """A link, like all entries of the sidebar; the number is not part of its text."""
    number = rx.el.span(
        rx.cond(BellState.unread > 99, "99+", BellState.unread.to_string()),  # ruff: ignore[magic-value-comparison]
        aria_hidden=True,
        class_name="bp-notifications-badge",
    )
    unread = BellState.unread
    entry = analytics_link(
        rx.icon("bell", size=20, aria_hidden=True),
        rx.el.span("Notifications", class_name="bp-nav-text"),
        to=NOTIFICATIONS.path,
        class_name="bp-nav-item",
        aria_current=rx.cond(is_at(NOTIFICATIONS.path), "page", "false"),
        aria_describedby="unread-notifications",
        title="Notifications",
    )
    return rx.el.div(
        entry,
        rx.cond(unread, number),
        rx.el.span(
            rx.cond(unread, text("unreadCount", count=unread), ""),
            id="unread-notifications",
            role="status",
            class_name="bp-visually-hidden",
        ),
        class_name="bp-notifications-bell",
    )
