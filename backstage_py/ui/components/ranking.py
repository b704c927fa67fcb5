"""A list in the order of a number, with a bar behind each name."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def ranking_list(
    rows: rx.Var[Any],
    *,
    name: Callable[[Any], Any],
    share: Callable[[Any], Any],
    value: Callable[[Any], Any],
    label: Any = None,
) -> Component:
    """Show rows by rank; how long a bar is says how they compare, the number says it exactly.

    Args:
        rows: The rows, the greatest first, a Var of a list.
        name: What a row is about, a text or a link.
        share: How long its bar is, in CSS, as "42%"; the first is usually "100%".
        value: Its number, as it is shown.
        label: What a screen reader calls the list; without it nothing.
    """

    def row(one: Any) -> Component:
        bar = rx.el.span(class_name="bp-ranking-bar", style={"inlineSize": share(one)})
        return rx.el.li(
            rx.el.span(bar, rx.el.span(name(one), class_name="bp-ranking-name")),
            rx.el.span(value(one), class_name="bp-number"),
        )

    props = {} if label is None else {"aria_label": label}
    return rx.el.ol(rx.foreach(rows, row), class_name="bp-ranking", **props)
