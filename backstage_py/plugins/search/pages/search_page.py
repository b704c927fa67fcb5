"""The search page."""

from collections.abc import Sequence
from itertools import starmap

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.search.components.result_list import result_list
from backstage_py.plugins.search.components.search_answer import search_context
from backstage_py.plugins.search.page_query import PAGE_SIZES
from backstage_py.plugins.search.query import MAX_TERM
from backstage_py.plugins.search.rows import Choice
from backstage_py.plugins.search.state.page_state import SearchPageState
from backstage_py.portal.components import (
    empty_state,
    filtered_list,
    page,
    page_header,
    page_sizes,
    pager,
    skeleton_rows,
    warning,
    window_title,
)
from backstage_py.portal.plugin import PageContent

TYPES = {"": "All", "software-catalog": "Software Catalog", "techdocs": "Documentation"}


def search_page(_contents: Sequence[PageContent]) -> Component:
    """The results of a search, narrowed by filters."""
    return page(
        rx.fragment(window_title(_title()), page_header("Search")),
        search_context(
            SearchPageState,
            _bar(),
            filtered_list(_filters(), _answer()),
            place="page",
        ),
    )


def _title() -> rx.Var[str]:
    term = SearchPageState.answered_term
    return rx.cond(term, f"{term} - Search", "Search")


def _bar() -> Component:
    return rx.el.div(
        rx.icon("search", size=20, aria_hidden=True),
        rx.debounce_input(
            rx.el.input(
                type="search",
                aria_label="Search",
                placeholder="Search the catalog and the documentation",
                max_length=MAX_TERM,
                value=SearchPageState.term,
                on_change=SearchPageState.search,
            ),
            debounce_timeout=200,
        ),
        role="search",
        class_name="bp-query-bar bp-card",
    )


def _filters() -> Component:
    return rx.el.div(
        rx.el.fieldset(
            rx.el.legend("Result type"),
            *starmap(_type, TYPES.items()),
            class_name="bp-user-lists",
        ),
        _select("Kind", "kind", SearchPageState.kinds, SearchPageState.kind),
        rx.el.fieldset(
            rx.el.legend("Lifecycle"),
            rx.foreach(SearchPageState.lifecycles, _lifecycle),
            class_name="bp-user-lists",
        ),
        _select("Owner", "owner", SearchPageState.owners, SearchPageState.owner),
        class_name="bp-filter-stack",
    )


def _type(name: str, title: str) -> Component:
    is_chosen = SearchPageState.types.contains(name) if name else ~SearchPageState.types.bool()
    return rx.el.button(
        rx.el.span(title),
        type="button",
        class_name="bp-user-list",
        aria_pressed=is_chosen,
        on_click=SearchPageState.choose_type(name),
    )


def _select(
    title: str, name: str, choices: ArrayVar[Sequence[Choice]], chosen: rx.Var[str]
) -> Component:
    return rx.el.label(
        title,
        rx.el.select(
            rx.el.option("All", value=""),
            rx.foreach(choices, lambda one: rx.el.option(one.text, value=one.value)),
            name=name,
            value=chosen,
            on_change=lambda value: SearchPageState.choose(name, value),
        ),
    )


def _lifecycle(choice: ObjectVar[Choice]) -> Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=choice.is_chosen,
            on_change=lambda _: SearchPageState.toggle("lifecycle", choice.value),
        ),
        rx.el.span(choice.text),
        class_name="bp-choice",
    )


def _answer() -> Component:
    count = rx.el.h2(
        SearchPageState.total.to_string(),
        rx.cond(SearchPageState.total == 1, " result", " results"),
    )
    found = rx.fragment(
        rx.el.div(count, class_name="bp-list-head", role="status"),
        result_list(SearchPageState.rows, first=SearchPageState.page * SearchPageState.limit + 1),
        _pager(),
    )
    return rx.cond(
        SearchPageState.is_answered,
        rx.cond(
            SearchPageState.message,
            warning(SearchPageState.message),
            rx.cond(SearchPageState.total, found, _nothing()),
        ),
        skeleton_rows(8),
    )


def _nothing() -> Component:
    clear = rx.el.button(
        "Clear the filters",
        type="button",
        class_name="bp-button",
        on_click=SearchPageState.clear,
    )
    return rx.cond(
        SearchPageState.is_filtered,
        empty_state(
            "No results", "No document with these words fits the filters.", clear, icon="search-x"
        ),
        empty_state("No results", "Try other words, or fewer of them.", icon="search-x"),
    )


def _pager() -> Component:
    state = SearchPageState
    return pager(
        offset=state.page * state.limit,
        shown=state.rows.length(),
        total=state.total,
        smallest=PAGE_SIZES[0],
        turn=state.turn,
        sizes=page_sizes(
            "Results per page", PAGE_SIZES, chosen=state.limit, choose=state.choose_limit
        ),
    )
