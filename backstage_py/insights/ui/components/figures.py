"""Numbers in a row, each with how it has changed."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.rows import Figure, TileData


def figures(data: ObjectVar[TileData]) -> Component:
    """The figures of a tile."""
    return rx.el.dl(rx.foreach(data.figures, figure), class_name="bp-insights-figures")


def figure(figure: ObjectVar[Figure]) -> Component:
    """A number under its label."""
    icon = rx.match(
        figure.direction,
        ("up", rx.icon("trending-up", size=16, aria_hidden=True)),
        ("down", rx.icon("trending-down", size=16, aria_hidden=True)),
        rx.icon("move-right", size=16, aria_hidden=True),
    )
    change = rx.el.span(icon, figure.change, class_name="bp-insights-change", data_tone=figure.tone)
    return rx.el.div(
        rx.el.dt(figure.label),
        rx.el.dd(
            rx.el.strong(figure.value),
            rx.cond(figure.change, change),
            rx.el.span(figure.meaning, class_name="bp-muted"),
        ),
        class_name="bp-insights-figure",
    )
