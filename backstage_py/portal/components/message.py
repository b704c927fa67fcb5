"""A message above a page's content."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def warning(text: Any) -> Component:
    """A warning about something that fails right now; hidden while the text is empty."""
    return rx.cond(text, rx.el.p(text, role="alert", class_name="bp-card bp-warning"))
