"""The body of a page."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def page(header: Component, *content: Any) -> Component:
    """A page: its header, and its content below."""
    return rx.fragment(header, rx.el.div(*content, class_name="bp-content"))
