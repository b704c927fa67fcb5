"""Lines without axes, drawn without a chart library."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.insights.ui.sparkline import HEIGHT, WIDTH


def spark(lines: rx.Var[list[str]], summary: rx.Var[str]) -> Component:
    """A picture of lines, each the `points` of a polyline; `summary` says what it shows."""

    def line(points: rx.Var[str], index: rx.Var[int]) -> Component:
        return rx.el.svg.polyline(
            points=points, class_name="bp-insights-spark-line", data_series=index
        )

    return rx.el.svg(
        rx.foreach(lines, line),
        view_box=f"0 0 {WIDTH} {HEIGHT}",
        custom_attrs={"preserveAspectRatio": "none"},
        role="img",
        aria_label=summary,
        class_name="bp-insights-spark",
    )
