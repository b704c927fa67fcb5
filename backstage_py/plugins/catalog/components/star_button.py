"""The star, which marks an entity to find again."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def star_button(title: Any, *, is_starred: Any, on_click: Any) -> Component:
    """A button that stars or unstars an entity."""
    return rx.el.button(
        rx.icon("star", size=18, aria_hidden=True),
        type="button",
        class_name="bp-icon-button bp-star",
        aria_label=f"Star {title}",
        aria_pressed=is_starred,
        on_click=on_click,
    )
