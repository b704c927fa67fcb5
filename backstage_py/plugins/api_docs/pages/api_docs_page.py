"""The API explorer."""

from collections.abc import Sequence
from itertools import starmap

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.api_docs.components.api_table import api_table
from backstage_py.plugins.api_docs.rows import Choice
from backstage_py.plugins.api_docs.state.api_docs_state import ApiExplorerState, ApiQuery
from backstage_py.portal.components import (
    empty_state,
    filtered_list,
    link_button,
    page,
    page_header,
    pager,
    search_field,
)
from backstage_py.portal.names import organization_name
from backstage_py.portal.plugin import PageContent

_FILTERS = {"type": "Type", "owner": "Owner", "lifecycle": "Lifecycle", "tag": "Tag"}


def api_explorer_page(_contents: Sequence[PageContent]) -> Component:
    """The APIs of the catalog, narrowed by filters."""
    state = ApiExplorerState
    return page(
        page_header(
            "APIs",
            subtitle=f"{organization_name()} API Explorer",
            actions=[link_button("Register existing API", to="/catalog-import")],
        ),
        rx.cond(
            state.is_empty,
            empty_state(
                "No APIs yet",
                "Register an entity of the kind API, and its definition can be read here.",
                link_button("Register existing API", to="/catalog-import"),
                icon="puzzle",
            ),
            filtered_list(_filters(), _list(), is_loaded=state.is_loaded),
        ),
    )


def _filters() -> Component:
    return rx.el.div(
        search_field(
            placeholder="Name, title or tag",
            value=ApiExplorerState.text,
            on_change=ApiExplorerState.search,
        ),
        *starmap(_filter, _FILTERS.items()),
        class_name="bp-filter-stack",
    )


def _filter(name: str, title: str) -> Component:
    options = ApiExplorerState.options[name]
    select = rx.el.select(
        rx.el.option("All", value=""),
        rx.foreach(options, _option),
        name=name,
        value=ApiExplorerState.chosen[name],
        on_change=lambda value: ApiExplorerState.choose(name, value),
    )
    return rx.cond(options, rx.el.label(title, select))


def _option(option: ObjectVar[Choice]) -> Component:
    return rx.el.option(option.text, value=option.value)


def _list() -> Component:
    state = ApiExplorerState
    clear = rx.el.button(
        "Clear the filters", type="button", class_name="bp-button", on_click=state.clear
    )
    nothing = empty_state("No matches", "No API fits these filters.", clear, icon="search-x")
    head = rx.el.h2("APIs ", rx.el.span("(", state.total, ")", class_name="bp-muted"))
    return rx.fragment(
        rx.el.div(head, class_name="bp-list-head", role="status"),
        rx.cond(
            state.rows,
            rx.fragment(api_table(state.rows, label="APIs", with_tags=True), _pager()),
            nothing,
        ),
    )


def _pager() -> Component:
    state = ApiExplorerState
    return pager(
        offset=state.offset,
        shown=state.rows.length(),
        total=state.total,
        smallest=ApiQuery().limit,
        turn=state.turn,
    )
