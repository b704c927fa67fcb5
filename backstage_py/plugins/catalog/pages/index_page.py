"""The catalog's index."""

from collections.abc import Sequence
from itertools import starmap

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog.components.entity_table import entity_table
from backstage_py.plugins.catalog.rows import Option
from backstage_py.plugins.catalog.state import PAGE_ROWS, CatalogIndexState
from backstage_py.portal.components import empty_state, page, page_header, skeleton_rows
from backstage_py.portal.plugin import PageContent


def catalog_index_page(_contents: Sequence[PageContent]) -> Component:
    """What there is, narrowed by filters."""
    return page(
        page_header("Catalog", subtitle="Everything your teams build and run, and who owns it."),
        _filters(),
        rx.cond(CatalogIndexState.is_loaded, _result(), skeleton_rows(10)),
    )


def _filters() -> Component:
    return rx.el.div(
        rx.el.label(
            "Search",
            rx.debounce_input(
                rx.el.input(
                    type="search",
                    name="text",
                    placeholder="Name, title or tag",
                    value=CatalogIndexState.text,
                    on_change=CatalogIndexState.search,
                ),
                debounce_timeout=200,
            ),
            class_name="bp-grow",
        ),
        rx.el.label(
            "Kind",
            rx.el.select(
                rx.foreach(CatalogIndexState.kinds, _option),
                name="kind",
                value=CatalogIndexState.chosen_kind,
                on_change=CatalogIndexState.choose_kind,
            ),
        ),
        *starmap(_facet, _FACETS.items()),
        class_name="bp-filters",
        role="search",
    )


_FACETS = {"type": "Type", "owner": "Owner", "lifecycle": "Lifecycle", "tag": "Tag"}


def _facet(facet: str, title: str) -> Component:
    options = CatalogIndexState.options[facet]
    select = rx.el.select(
        rx.el.option("All", value=""),
        rx.foreach(options, _option),
        name=facet,
        value=CatalogIndexState.chosen[facet],
        on_change=lambda value: CatalogIndexState.choose(facet, value),
    )
    return rx.cond(options, rx.el.label(title, select))


def _option(option: ObjectVar[Option]) -> Component:
    return rx.el.option(option.text, value=option.value)


def _result() -> Component:
    clear = rx.el.button(
        "Clear the filters",
        type="button",
        class_name="bp-button",
        on_click=CatalogIndexState.clear,
    )
    nothing = empty_state(
        "Nothing matches", "No entity fits all of these filters.", clear, icon="search-x"
    )
    found = rx.fragment(entity_table(CatalogIndexState.rows), _pager())
    return rx.cond(CatalogIndexState.rows, found, nothing)


def _pager() -> Component:
    first = CatalogIndexState.offset + 1
    last = CatalogIndexState.offset + CatalogIndexState.rows.length()
    return rx.el.div(
        rx.el.span(f"{first} to {last} of {CatalogIndexState.total}", role="status"),
        rx.el.div(
            _turn("Previous", -1, disabled=CatalogIndexState.offset == 0),
            _turn("Next", 1, disabled=last >= CatalogIndexState.total),
            class_name="bp-actions",
        ),
        class_name="bp-pager",
        hidden=CatalogIndexState.total <= PAGE_ROWS,
    )


def _turn(text: str, pages: int, *, disabled: rx.Var[bool]) -> Component:
    return rx.el.button(
        text,
        type="button",
        class_name="bp-button",
        disabled=disabled,
        on_click=CatalogIndexState.turn(pages),
    )
