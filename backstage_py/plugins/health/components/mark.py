"""An icon beside a word, so that the meaning depends on neither icon nor colour alone."""

import reflex as rx
from reflex_base.components.component import Component


def mark(tone: rx.Var[str] | str, text: rx.Var[str] | str) -> Component:
    """`text` with the icon of its tone."""
    icon = rx.match(
        tone,
        ("good", rx.icon("circle-check", size=16, aria_hidden=True)),
        ("busy", rx.icon("refresh-cw", size=16, aria_hidden=True)),
        ("bad", rx.icon("triangle-alert", size=16, aria_hidden=True)),
        rx.icon("circle-off", size=16, aria_hidden=True),
    )
    return rx.el.span(icon, rx.el.span(text), class_name="bp-health-mark", data_tone=tone)
