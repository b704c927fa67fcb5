"""What is shown where there is nothing to show."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def empty_state(
    title: Any, text: Any, *actions: Component, icon: str = "inbox", is_page: bool = False
) -> Component:
    """Say that there is nothing, why, and what to do about it.

    Args:
        title: What is missing.
        text: Why, or what brings something here.
        actions: What to do about it.
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
