"""The processing errors of the catalog."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.rows import ProblemRow
from backstage_py.plugins.catalog.state.errors_state import CatalogErrorsState
from backstage_py.portal.components import (
    Column,
    Crumb,
    data_table,
    empty_state,
    link,
    page,
    page_header,
    skeleton_table,
)
from backstage_py.portal.plugin import PageContent


def catalog_errors_page(_contents: Sequence[PageContent]) -> Component:
    """The list of errors, for authors to fix; until then the last good version is shown."""
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
            skeleton_table(4),
        ),
    )


def _table() -> Component:
    return data_table(
        (
            Column("Entity", _entity, "20%", rank=1),
            Column("What is wrong", lambda row: row.rule),
            Column("Field", lambda row: rx.el.code(row.field), "18%"),
            Column("Value found", _value, "18%", rank=4),
            Column("Where", lambda row: rx.el.span(row.place, title=row.place), "22%", rank=3),
        ),
        CatalogErrorsState.problems,
        label="Processing errors",
        key=lambda row: row.place + row.field + row.rule,
    )


def _entity(row: ObjectVar[ProblemRow]) -> Component:
    entity = row.entity
    return rx.cond(entity.exists, link(entity.title, to=entity.path), rx.el.span(entity.title))


def _value(row: ObjectVar[ProblemRow]) -> Component:
    return rx.cond(row.value, rx.el.code(row.value, title=row.value))
