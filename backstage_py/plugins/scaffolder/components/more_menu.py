"""The menu of the software templates' pages."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import (
    SCAFFOLDER_TASK_READ,
    SCAFFOLDER_TEMPLATE_MANAGEMENT,
    SCAFFOLDER_TEMPLATE_STEP_READ,
    analytics_link,
)
from backstage_py.plugins.scaffolder.routes import ACTIONS, EDIT, LIST_TASKS
from backstage_py.portal.routes import RouteRef
from backstage_py.portal.session import may


def more_menu() -> Component:
    """The menu with the other pages."""
    trigger = rx.el.button(
        rx.icon("ellipsis-vertical", size=18, aria_hidden=True),
        type="button",
        class_name="bp-icon-button",
        aria_label="More",
    )
    return rx.menu.root(
        rx.menu.trigger(trigger),
        rx.menu.content(
            rx.cond(may(SCAFFOLDER_TASK_READ), _entry("Task list", LIST_TASKS)),
            rx.cond(may(SCAFFOLDER_TEMPLATE_STEP_READ), _entry("Installed actions", ACTIONS)),
            rx.cond(may(SCAFFOLDER_TEMPLATE_MANAGEMENT), _entry("Template editor", EDIT)),
        ),
    )


def _entry(text: str, route_ref: RouteRef) -> Component:
    return rx.menu.item(analytics_link(text, to=route_ref.path), as_child=True)
