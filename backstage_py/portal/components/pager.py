"""The pager of a long list."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx
from reflex.event import EventType
from reflex_base.components.component import Component


def pager(
    *,
    offset: Any,
    shown: Any,
    total: Any,
    smallest: int,
    turn: Callable[[int], EventType[()]],
    sizes: Component | None = None,
) -> Component:
    """Shows the visible range of a list, with buttons to the previous and next page.

    Args:
        offset: The number of entries before the visible ones.
        shown: The number of visible entries.
        total: The number of all entries.
        smallest: The size of the smallest page; a list that fits it needs no pager.
        turn: Moves by a number of pages; a negative number moves back.
        sizes: The control for entries per page (`page_sizes`).
    """
    last = offset + shown
    return rx.el.div(
        *([sizes] if sizes is not None else []),
        rx.el.span(f"{offset + 1} to {last} of {total}"),
        rx.el.div(
            _button("Previous", turn(-1), disabled=offset == 0),
            _button("Next", turn(1), disabled=last >= total),
            class_name="bp-actions",
        ),
        class_name="bp-pager",
        hidden=total <= smallest,
    )


def page_sizes(label: str, sizes: Sequence[int], *, chosen: rx.Var[int], choose: Any) -> Component:
    """The control for entries per page."""
    return rx.el.label(
        f"{label} ",
        rx.el.select(
            *(rx.el.option(str(size), value=str(size)) for size in sizes),
            name="limit",
            value=chosen.to_string(),
            on_change=choose,
        ),
    )


def _button(text: str, on_click: EventType[()], *, disabled: Any) -> Component:
    return rx.el.button(
        text, type="button", class_name="bp-button", disabled=disabled, on_click=on_click
    )
