"""The processing errors of the catalog."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.rows import ProblemRow
from backstage_py.plugins.catalog.state.errors_state import CatalogErrorsState
from backstage_py.portal.components import (
    Crumb,
    empty_state,
    link,
    page,
    page_header,
    skeleton_rows,
)
from backstage_py.portal.plugin import PageContent

_HEAD = ("Entity", "Where", "Field", "Problem", "Value found")


def catalog_errors_page(_contents: Sequence[PageContent]) -> Component:
    """What its authors have to fix. Until then, the last good version is shown."""
    state = CatalogErrorsState
    fine = empty_state(
        "Nothing to fix", "Every source of the catalog was read.", icon="circle-check"
    )
    more = rx.cond(
        state.total > state.problems.length(),
        rx.el.p(f"The first {state.problems.length()} of {state.total}.", class_name="bp-muted"),
    )
    return page(
        page_header(
            "Processing errors",
            subtitle="Sources that failed at the last refresh. Their last good version is shown.",
            crumbs=[Crumb("Catalog", "/catalog")],
        ),
        rx.cond(
            state.is_loaded,
            rx.cond(state.problems, rx.fragment(_table(), more), fine),
            skeleton_rows(),
        ),
    )


def _table() -> Component:
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*(rx.el.th(title, scope="col") for title in _HEAD))),
            rx.el.tbody(rx.foreach(CatalogErrorsState.problems, _problem)),
            class_name="bp-table",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label="Processing errors",
    )


def _problem(row: ObjectVar[ProblemRow]) -> Component:
    entity = rx.cond(
        row.entity.exists, link(row.entity.title, to=row.entity.path), row.entity.title
    )
    return rx.el.tr(
        rx.el.td(entity),
        rx.el.td(row.place),
        rx.el.td(rx.el.code(row.field)),
        rx.el.td(row.rule, class_name="bp-text"),
        rx.el.td(rx.cond(row.value, rx.el.code(row.value))),
    )
