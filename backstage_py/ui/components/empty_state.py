"""What stands where there is nothing to show."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def empty_state(title: Any, text: Any, *actions: Component, icon: str = "inbox") -> Component:
    """Says that there is nothing, why, and what to do about it."""
    return rx.el.div(
        rx.icon(icon, size=32, aria_hidden=True),
        rx.el.h2(title),
        rx.el.p(text),
        rx.el.div(*actions, class_name="bp-actions") if actions else rx.fragment(),
        class_name="bp-empty",
    )
