"""The empty state of a page or a list."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def empty_state(
    title: Any, text: Any, *actions: Component, icon: str = "inbox", is_page: bool = False
) -> Component:
    """Say what is missing, why, and what to do about it.

    Args:
        title: What is missing.
        text: Why, or how to add something.
        actions: Buttons or links that help.
        icon: The name of a Lucide icon.
        is_page: Whether it is the whole page, so that its title is the page's heading.
    """
    heading = rx.el.h1 if is_page else rx.el.h2
    return rx.el.div(
        rx.icon(icon, size=32, aria_hidden=True),
        heading(title),
        rx.el.p(text),
        rx.el.div(*actions, class_name="bp-actions") if actions else rx.fragment(),
        class_name="bp-empty",
    )
