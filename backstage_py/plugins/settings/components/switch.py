"""The switch of the settings."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def switch(label: Any, *, is_on: rx.Var[bool], on_click: Any) -> Component:
    """A switch that is on or off, with its label."""
    return rx.el.button(
        label,
        type="button",
        role="switch",
        class_name="bp-switch",
        aria_checked=is_on,
        on_click=on_click,
    )
