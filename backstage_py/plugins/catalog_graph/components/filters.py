"""The filters and the layout of the graph."""

from collections.abc import Mapping, Sequence
from itertools import starmap
from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.catalog_graph.query import CURVES, DIRECTIONS
from backstage_py.plugins.catalog_graph.rows import Choice
from backstage_py.plugins.catalog_graph.state.graph_state import CatalogGraphState


def filters_button() -> Component:
    """The button for the filters on phones, where they would push the graph out of sight."""
    return rx.el.button(
        rx.icon("sliders-horizontal", size=16, aria_hidden=True),
        "Filters",
        type="button",
        class_name="bp-button bp-catalog-graph-filters-button",
        aria_expanded=CatalogGraphState.are_filters_open,
        aria_controls="graph-filters",
        on_click=CatalogGraphState.toggle_filters,
    )


def filters() -> Component:
    """The filters; each change goes into the address."""
    return rx.el.div(
        rx.el.label(
            "Max depth",
            rx.debounce_input(
                rx.el.input(
                    type="text",
                    input_mode="numeric",
                    name="maxDepth",
                    placeholder="∞ Infinite",
                    value=CatalogGraphState.depth,
                    on_change=CatalogGraphState.choose_depth,
                ),
                debounce_timeout=300,
            ),
        ),
        _select("Direction", DIRECTIONS, CatalogGraphState.direction, _STATE.choose_direction),
        _select("Curve", CURVES, CatalogGraphState.curve, _STATE.choose_curve),
        _boxes("Kinds", CatalogGraphState.kinds, _STATE.toggle_kind),
        _boxes("Relations", CatalogGraphState.relations, _STATE.toggle_relation),
        _box("Simplified", CatalogGraphState.unidirectional, _STATE.toggle_simplified),
        _box("Merge relations", CatalogGraphState.merge_relations, _STATE.toggle_merging),
        id="graph-filters",
        role="search",
        aria_label="Filters of the graph",
        class_name="bp-filters bp-catalog-graph-filters",
        data_open=rx.cond(CatalogGraphState.are_filters_open, "true", "false"),
    )


_STATE: Any = CatalogGraphState
"""Reflex turns the methods into event handlers, which type checkers do not see."""


def _select(title: str, texts: Mapping[str, str], value: rx.Var[str], choose: Any) -> Component:
    options = starmap(lambda key, text: rx.el.option(text, value=key), texts.items())
    select = rx.el.select(*options, name=title.lower(), value=value, on_change=choose)
    return rx.el.label(title, select)


def _boxes(title: str, choices: rx.Var[Sequence[Choice]], toggle: Any) -> Component:
    def box(choice: ObjectVar[Choice]) -> Component:
        return _box(choice.text, choice.is_chosen, toggle(choice.value))

    return rx.el.details(
        rx.el.summary(title, rx.icon("chevron-down", size=14, aria_hidden=True)),
        rx.el.div(rx.foreach(choices, box), role="group", aria_label=title),
    )


def _box(text: Any, is_on: rx.Var[bool], toggle: Any) -> Component:
    tick = rx.el.input(type="checkbox", checked=is_on, on_change=toggle)
    return rx.el.label(tick, rx.el.span(text), class_name="bp-catalog-graph-tick")
