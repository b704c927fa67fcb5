"""The sidebar's link to the settings."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import analytics_link
from backstage_py.plugins.settings.routes import SETTINGS
from backstage_py.portal.routes import is_at


def sidebar_settings() -> Component:
    """A link, like all entries of the sidebar."""
    return analytics_link(
        rx.icon("settings", size=20, aria_hidden=True),
        rx.el.span("Settings", class_name="bp-nav-text"),
        to=SETTINGS.path,
        class_name="bp-nav-item",
        aria_current=rx.cond(is_at(SETTINGS.path), "page", "false"),
        title="Settings",
    )
