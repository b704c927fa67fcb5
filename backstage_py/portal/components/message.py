"""Something that a page has to say before its content."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def warning(text: Any) -> Component:
    """Say what does not work just now; shown only where there is something to say."""
    return rx.cond(text, rx.el.p(text, role="alert", class_name="bp-card bp-warning"))
