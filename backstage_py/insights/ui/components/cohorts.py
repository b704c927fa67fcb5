"""Cohorts as a table: the darker a week, the more people came back."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.ui.funnel_rows import CohortRow, CohortWeek
from backstage_py.insights.ui.rows import TileData


def cohort_table(title: Any, data: ObjectVar[TileData]) -> Component:
    """A row for each first week, a column for each week since."""
    head = rx.el.tr(
        rx.el.th("First seen in the week of", scope="col"),
        rx.el.th("People", scope="col", class_name="bp-number"),
        rx.foreach(data.weeks, lambda week: rx.el.th("Week ", week, scope="col")),
    )
    return rx.el.div(
        rx.el.table(
            rx.el.caption(title, class_name="bp-visually-hidden"),
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(data.cohorts, _cohort)),
            class_name="bp-table bp-insights-cohorts",
        ),
        class_name="bp-scroll",
        tab_index=0,
        role="region",
        aria_label=title,
    )


def _cohort(row: ObjectVar[CohortRow]) -> Component:
    return rx.el.tr(
        rx.el.th(row.name, scope="row"),
        rx.el.td(row.size, class_name="bp-number"),
        rx.foreach(row.weeks, _week),
        key=row.name,
    )


def _week(week: ObjectVar[CohortWeek]) -> Component:
    return rx.el.td(
        week.text,
        title=week.hint,
        style={"--bp-strength": week.strength},
        class_name="bp-insights-week",
    )
