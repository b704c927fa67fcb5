"""The head of a column that a table can be ordered by."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def sort_header(
    title: str, *, is_chosen: rx.Var[bool], is_descending: rx.Var[bool], on_click: Any
) -> Component:
    """A column's head with a button; the chosen one says its direction."""
    direction = rx.cond(is_descending, "descending", "ascending")
    arrow = rx.cond(
        is_descending,
        rx.icon("arrow-down", size=14, aria_hidden=True),
        rx.icon("arrow-up", size=14, aria_hidden=True),
    )
    return rx.el.th(
        rx.el.button(
            title, rx.cond(is_chosen, arrow), type="button", class_name="bp-sort", on_click=on_click
        ),
        scope="col",
        aria_sort=rx.cond(is_chosen, direction, "none"),
    )
