"""The window's title for routes that show many things: entities, tasks, pages of docs."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component, field
from reflex_base.vars.base import Var

from backstage_py.portal.names import portal_name
from backstage_py.ui.browser_module import browser_module


class WindowTitle(Component):
    """Sets the window's title."""

    library = browser_module(__file__, "window_title.js")
    tag = "WindowTitle"

    title: Var[str] = field(doc="What the window is called; empty to leave it as it is.")


def window_title(name: Any) -> Component:
    """Set the window's title to `name | <portal>`; an empty name leaves it unchanged."""
    suffix = f" | {portal_name()}"
    return WindowTitle.create(title=rx.cond(name, name + suffix, ""))
