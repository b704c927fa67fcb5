"""Preformatted text, such as a definition or a raw descriptor."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def code_block(text: Any, *, label: str) -> Component:
    """Shows `text` unchanged in a box that scrolls; `label` names it for screen readers."""
    return rx.el.pre(
        rx.el.code(text), class_name="bp-code", tab_index=0, role="region", aria_label=label
    )
