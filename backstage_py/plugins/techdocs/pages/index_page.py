"""The index of documentation."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.plugins.techdocs.components.docs_table import docs_filters, docs_table
from backstage_py.plugins.techdocs.index_query import DocsQuery
from backstage_py.plugins.techdocs.state.index_state import TechDocsIndexState
from backstage_py.portal.components import (
    empty_state,
    filtered_list,
    link_button,
    page,
    page_header,
    pager,
    warning,
)
from backstage_py.portal.names import organization_name
from backstage_py.portal.plugin import PageContent


def techdocs_index_page(_contents: Sequence[PageContent]) -> Component:
    """The list of documentation, narrowed by filters."""
    state = TechDocsIndexState
    return page(
        page_header(
            "Documentation",
            subtitle=f"Documentation available in {organization_name()}",
        ),
        rx.cond(
            state.is_empty,
            _empty(),
            filtered_list(docs_filters(), _list(), is_loaded=state.is_loaded),
        ),
    )


def _list() -> Component:
    state = TechDocsIndexState
    head = rx.el.h2("Documents ", rx.el.span("(", state.total, ")", class_name="bp-muted"))
    return rx.fragment(
        warning(state.message),
        rx.el.div(head, class_name="bp-list-head", role="status"),
        rx.cond(state.rows, rx.fragment(docs_table(), _pager()), _nothing()),
    )


def _nothing() -> Component:
    state = TechDocsIndexState
    clear = rx.el.button(
        "Clear the filters", type="button", class_name="bp-button", on_click=state.clear
    )
    text = rx.match(
        state.user_list,
        ("owned", "You own nothing with documentation that fits these filters."),
        ("starred", "You have starred nothing with documentation that fits these filters."),
        "Nothing with documentation fits these filters.",
    )
    return empty_state("No documents to show", text, clear, icon="book-x")


def _empty() -> Component:
    return empty_state(
        "No documentation yet",
        "An entity's documentation appears here once its descriptor has the annotation"
        " backstage.io/techdocs-ref and a mkdocs.yml beside it.",
        link_button("Browse the catalog", to="/catalog"),
        icon="book-open",
    )


def _pager() -> Component:
    state = TechDocsIndexState
    return pager(
        offset=state.offset,
        shown=state.rows.length(),
        total=state.total,
        smallest=DocsQuery().limit,
        turn=state.turn,
    )
