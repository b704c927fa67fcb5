"""What stands in for content that is on its way."""

import reflex as rx
from reflex_base.components.component import Component


def skeleton_rows(count: int = 6) -> Component:
    """Grey bars in place of `count` rows."""
    bars = [rx.el.div(class_name="bp-skeleton") for _ in range(count)]
    return rx.el.div(*bars, role="status", aria_label="Loading", class_name="bp-skeletons")
