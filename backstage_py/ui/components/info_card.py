"""A titled box, and the labelled values in it."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def info_card(title: Any, *children: Any, **props: Any) -> Component:
    """A box with a heading."""
    return rx.el.section(rx.el.h2(title), *children, **{"class_name": "bp-card", **props})


def field(label: Any, value: Any, **props: Any) -> Component:
    """A value under its label."""
    return rx.el.div(rx.el.dt(label), rx.el.dd(value), **{"class_name": "bp-field", **props})
