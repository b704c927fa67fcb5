"""Preformatted text, as a definition or a raw descriptor."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def code_block(text: Any, *, label: str) -> Component:
    """`text` as it is, scrolled within its own box; `label` names it to a screen reader."""
    return rx.el.pre(
        rx.el.code(text), class_name="bp-code", tab_index=0, role="region", aria_label=label
    )
