"""A funnel: a bar for each step, with its share of the first one."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.funnel_rows import FunnelRow


def funnel_steps(steps: rx.Var[list[FunnelRow]]) -> Component:
    """The steps, from the first to the last."""
    return rx.el.ol(rx.foreach(steps, _step), class_name="bp-insights-funnel")


def _step(step: ObjectVar[FunnelRow]) -> Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(step.name, class_name="bp-insights-funnel-name"),
            rx.el.span(
                rx.el.strong(step.count), " · ", step.share, class_name="bp-insights-funnel-count"
            ),
            class_name="bp-insights-funnel-line",
        ),
        rx.el.div(
            rx.el.span(class_name="bp-insights-funnel-bar", style={"inlineSize": step.width}),
            class_name="bp-insights-funnel-track",
            aria_hidden=True,
        ),
        rx.cond(step.lost, rx.el.span(step.lost, class_name="bp-muted")),
        key=step.key,
        data_other=step.is_other,
    )
