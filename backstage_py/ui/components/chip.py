"""Small labels: a tag, a kind, a lifecycle."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def chip(text: Any, **props: Any) -> Component:
    """One small label."""
    return rx.el.span(text, **{"class_name": "bp-chip", **props})


def tag_list(tags: rx.Var[list[str]]) -> Component:
    """A row of labels that wraps."""
    return rx.el.span(rx.foreach(tags, chip), class_name="bp-chips")
