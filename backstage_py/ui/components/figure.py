"""A number that a page is about."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def figure(label: Any, value: Any, meaning: Any, *, is_problem: Any = None) -> Component:
    """One number, an item of a list with the class `bp-figures`.

    Args:
        label: What is counted.
        value: How many, as it is shown.
        meaning: A sentence about it.
        is_problem: Whether the number needs attention, a Var; None where it never does.
    """
    problem = rx.el.span(
        rx.icon("triangle-alert", size=14, aria_hidden=True), "Problem", class_name="bp-problem"
    )
    return rx.el.li(
        rx.el.span(label, class_name="bp-figure-label"),
        rx.el.span(
            rx.el.strong(value),
            rx.fragment() if is_problem is None else rx.cond(is_problem, problem),
            class_name="bp-figure-value",
        ),
        rx.el.span(meaning, class_name="bp-muted"),
        class_name="bp-card bp-figure",
        data_tone="good" if is_problem is None else rx.cond(is_problem, "bad", "good"),
    )
