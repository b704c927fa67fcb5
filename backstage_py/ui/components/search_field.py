"""A search field that narrows a list while the person types."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component

SETTLED_AFTER_MS = 200
"""The pause after typing, in milliseconds, as in Backstage's search bars."""


def search_field(
    label: Any = "Search",
    *,
    placeholder: Any,
    value: Any,
    on_change: Any,
    name: str = "text",
    **props: Any,
) -> Component:
    """A labelled field whose `on_change` is called after a pause in typing."""
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
