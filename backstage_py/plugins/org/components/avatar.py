"""The picture of a person or group, or their initials."""

from typing import Any

import reflex as rx
from reflex_base.components.component import Component


def avatar(picture: Any, initials: Any, *, class_name: str = "bp-avatar-picture") -> Component:
    """The picture on top of the initials, which are visible if it cannot be loaded."""
    image = rx.el.img(
        src=picture, alt="", loading="lazy", custom_attrs={"referrerPolicy": "no-referrer"}
    )
    return rx.el.span(
        rx.el.span(initials, aria_hidden=True), rx.cond(picture, image), class_name=class_name
    )
