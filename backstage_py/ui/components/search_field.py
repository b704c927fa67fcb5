"""The field that narrows a list while one types."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component

SETTLED_AFTER_MS = 200
"""As long Backstage's search bars wait for the next letter."""


def search_field(
    label: Any = "Search",
    *,
    placeholder: Any,
    value: Any,
    on_change: Any,
    name: str = "text",
    **props: Any,
) -> Component:
    """A labelled field whose `on_change` hears of what was typed once it has settled."""
    return rx.el.label(
        label,
        rx.debounce_input(
            rx.el.input(
                type="search",
                name=name,
                placeholder=placeholder,
                value=value,
                on_change=on_change,
            ),
            debounce_timeout=SETTLED_AFTER_MS,
        ),
        **props,
    )
