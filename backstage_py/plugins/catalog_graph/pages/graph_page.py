"""The page of the graph."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog_graph.components.filters import filters, filters_button
from backstage_py.plugins.catalog_graph.components.graph import entity_graph
from backstage_py.plugins.catalog_graph.rows import Suggestion
from backstage_py.plugins.catalog_graph.state.graph_state import CatalogGraphState
from backstage_py.portal.components import (
    chip,
    empty_state,
    link,
    page,
    page_header,
    search_field,
    skeleton_rows,
)
from backstage_py.portal.plugin import PageContent


def catalog_graph_page(_contents: Sequence[PageContent]) -> Component:
    """The graph around the entities in the address."""
    return page(
        page_header(
            "Catalog graph",
            subtitle=CatalogGraphState.subtitle,
            actions=[rx.cond(CatalogGraphState.nodes, filters_button())],
        ),
        rx.cond(
            CatalogGraphState.is_loaded,
            rx.fragment(_problems(), rx.cond(CatalogGraphState.nodes, _graph(), _start())),
            skeleton_rows(10),
        ),
    )


def _graph() -> Component:
    drawn = entity_graph(
        CatalogGraphState.nodes,
        CatalogGraphState.edges,
        direction=CatalogGraphState.direction,
        curve=CatalogGraphState.curve,
    )
    shown = CatalogGraphState.nodes.length()
    left_out = rx.el.p(
        f"Only the nearest {shown} entities are shown, {CatalogGraphState.left_out} more are left"
        " out. Choose a smaller depth, or fewer kinds or relations.",
        role="status",
        class_name="bp-card bp-warning",
    )
    hint = rx.el.p(
        "Click an entity to make it the root, Shift-click to open its page. Drag to move, "
        "Ctrl and wheel to zoom; with the keyboard, use Tab and the arrow keys.",
        class_name="bp-muted bp-catalog-graph-hint",
    )
    return rx.el.div(
        filters(),
        rx.el.div(
            rx.cond(CatalogGraphState.left_out > 0, left_out),
            rx.el.div(drawn, class_name="bp-card bp-catalog-graph-box"),
            hint,
            class_name="bp-catalog-graph-main",
        ),
        class_name="bp-catalog-graph-page",
    )


def _problems() -> Component:
    unknown = rx.foreach(
        CatalogGraphState.unknown,
        lambda ref: rx.el.li("The catalog has no entity ", rx.el.code(ref), "."),
    )
    return rx.cond(
        CatalogGraphState.unknown | CatalogGraphState.problems,
        rx.el.ul(
            unknown,
            rx.foreach(CatalogGraphState.problems, rx.el.li),
            role="alert",
            class_name="bp-card bp-warning",
        ),
    )


def _start() -> Component:
    """The search for an entity, shown if the address names none that exists."""
    chooser = rx.el.div(
        rx.el.div(
            search_field(
                "Entity",
                placeholder="Name, title or tag",
                value=CatalogGraphState.text,
                on_change=CatalogGraphState.search,
                name="entity",
                class_name="bp-grow",
            ),
            class_name="bp-filters",
            role="search",
        ),
        rx.cond(
            CatalogGraphState.suggestions,
            rx.el.ul(rx.foreach(CatalogGraphState.suggestions, _suggestion), class_name="bp-list"),
            rx.el.p("No entity has these words.", role="status"),
        ),
        class_name="bp-catalog-graph-start",
    )
    return empty_state(
        "Choose an entity", "The graph shows what it relates to.", chooser, icon="waypoints"
    )


def _suggestion(suggestion: ObjectVar[Suggestion]) -> Component:
    return rx.el.li(link(suggestion.title, to=suggestion.path), chip(suggestion.kind))
