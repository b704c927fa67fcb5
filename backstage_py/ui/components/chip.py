"""Small labels: a tag, a kind, a lifecycle."""

from typing import Any

import reflex as rx
from reflex.vars import ArrayVar
from reflex_base.components.component import Component


def chip(text: Any, **props: Any) -> Component:
    """One small label."""
    return rx.el.span(text, **{"class_name": "bp-chip", **props})


def tag_list(tags: rx.Var[list[str]], *, shown: int | None = None) -> Component:
    """A row of labels.

    Args:
        tags: The labels.
        shown: How many are shown; the rest is behind "+2". Without it all are shown, and wrap.
    """
    if shown is None:
        return rx.el.span(rx.foreach(tags, chip), class_name="bp-chips")
    labels = tags.to(ArrayVar[list[str]])
    hidden = labels[shown:]
    more = rx.el.span(
        rx.el.span(f"+{labels.length() - shown}", aria_hidden=True),
        rx.el.span(hidden.join(", "), class_name="bp-hidden"),
        title=hidden.join(", "),
        class_name="bp-chip bp-chip-more",
    )
    return rx.el.span(
        rx.foreach(labels[:shown], chip),
        rx.cond(labels.length() > shown, more),
        class_name="bp-chips bp-chips-line",
    )
