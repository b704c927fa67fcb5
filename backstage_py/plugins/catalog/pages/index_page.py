"""The catalog's index."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import CATALOG_LOCATION_CREATE
from backstage_py.plugins.catalog.components.entity_table import entity_table
from backstage_py.plugins.catalog.components.filters import index_filters
from backstage_py.plugins.catalog.index.index_query import PAGE_SIZES
from backstage_py.plugins.catalog.state.index_state import CatalogIndexState
from backstage_py.portal.components import (
    empty_state,
    filtered_list,
    link_button,
    page,
    page_header,
    page_sizes,
    pager,
    warning,
)
from backstage_py.portal.names import organization_name
from backstage_py.portal.plugin import PageContent
from backstage_py.portal.session import may


def catalog_index_page(_contents: Sequence[PageContent]) -> Component:
    """The list of entities, narrowed by filters."""
    return page(
        page_header(
            f"{organization_name()} Catalog",
            subtitle="Everything your teams build and run, and who owns it.",
            actions=[
                rx.cond(
                    CatalogIndexState.error_count,
                    link_button(
                        f"Processing errors ({CatalogIndexState.error_count})", to="/catalog-errors"
                    ),
                ),
                rx.cond(
                    may(CATALOG_LOCATION_CREATE),
                    link_button("Register existing component", to="/catalog-import"),
                ),
            ],
        ),
        rx.cond(
            CatalogIndexState.is_empty,
            _empty(),
            filtered_list(index_filters(), _list(), is_loaded=CatalogIndexState.is_loaded),
        ),
    )


def _list() -> Component:
    export = rx.el.a(
        rx.icon("download", size=16, aria_hidden=True),
        "Export CSV",
        href=rx.Var.create("/api/catalog/export.csv?") + CatalogIndexState.address,
        class_name="bp-button",
        custom_attrs={"download": "catalog.csv", "reloadDocument": True},
    )
    head = rx.el.div(
        rx.el.div(
            rx.el.h2(
                CatalogIndexState.kind_title,
                " ",
                rx.el.span("(", CatalogIndexState.total, ")", class_name="bp-muted"),
            ),
            role="status",
        ),
        rx.cond(CatalogIndexState.rows, export),
        class_name="bp-list-head",
    )
    return rx.fragment(
        warning(CatalogIndexState.message),
        head,
        rx.cond(CatalogIndexState.rows, _found(), _nothing()),
    )


def _found() -> Component:
    return rx.fragment(entity_table(CatalogIndexState.rows), _pager())


def _empty() -> Component:
    return empty_state(
        "Your catalog is empty",
        "Register a descriptor, a catalog-info.yaml, and what it describes appears here. Whole"
        " folders and repositories are named in app-config.yaml, under catalog.locations.",
        link_button("Register existing component", to="/catalog-import"),
        icon="library",
    )


def _nothing() -> Component:
    clear = rx.el.button(
        "Clear the filters",
        type="button",
        class_name="bp-button",
        on_click=CatalogIndexState.clear,
    )
    texts = rx.match(
        CatalogIndexState.user_list,
        ("owned", "You own no entities that match these filters."),
        ("starred", "You have starred no entities that match these filters."),
        "No entities match these filters.",
    )
    return empty_state("No matches", texts, clear, icon="search-x")


def _pager() -> Component:
    state = CatalogIndexState
    return pager(
        offset=state.offset,
        shown=state.rows.length(),
        total=state.total,
        smallest=PAGE_SIZES[0],
        turn=state.turn,
        sizes=page_sizes("Rows", PAGE_SIZES, chosen=state.limit, choose=state.choose_limit),
    )
