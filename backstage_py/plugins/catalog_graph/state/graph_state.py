"""The states of the page and the card; all data comes from the service."""

from dataclasses import replace
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.catalog.api import EntityRef, visible_catalog
from backstage_py.plugins.catalog_graph.graph import GraphOptions
from backstage_py.plugins.catalog_graph.query import (
    FIRST_DEPTH,
    GraphQuery,
    parse_depth,
    parse_query,
)
from backstage_py.plugins.catalog_graph.relation_pairs import RELATION_TYPES
from backstage_py.plugins.catalog_graph.routes import CATALOG_GRAPH
from backstage_py.plugins.catalog_graph.rows import (
    Choice,
    EdgeRow,
    NodeRow,
    Suggestion,
    build_choices,
    build_graph_rows,
    build_suggestion,
    title_of,
)
from backstage_py.plugins.catalog_graph.service import CatalogGraphService
from backstage_py.ui.address import replace_address


def _service(state: rx.State) -> CatalogGraphService:
    return CatalogGraphService(visible_catalog(state))


@access(CATALOG_ENTITY_READ)
class CatalogGraphState(rx.State):
    """The page: its query, and the graph for it."""

    is_loaded: rx.Field[bool] = rx.field(False)
    subtitle: rx.Field[str] = rx.field("")
    nodes: rx.Field[list[NodeRow]] = rx.field(default_factory=list)
    edges: rx.Field[list[EdgeRow]] = rx.field(default_factory=list)
    left_out: rx.Field[int] = rx.field(0)
    problems: rx.Field[list[str]] = rx.field(default_factory=list)
    unknown: rx.Field[list[str]] = rx.field(default_factory=list)
    depth: rx.Field[str] = rx.field("")
    kinds: rx.Field[list[Choice]] = rx.field(default_factory=list)
    relations: rx.Field[list[Choice]] = rx.field(default_factory=list)
    direction: rx.Field[str] = rx.field("LR")
    curve: rx.Field[str] = rx.field("curveMonotoneX")
    unidirectional: rx.Field[bool] = rx.field(True)
    merge_relations: rx.Field[bool] = rx.field(True)
    are_filters_open: rx.Field[bool] = rx.field(False)
    text: rx.Field[str] = rx.field("")
    suggestions: rx.Field[list[Suggestion]] = rx.field(default_factory=list)

    _query: GraphQuery = GraphQuery()

    @rx.event
    def load(self) -> None:
        """Show the graph for the address's query."""
        parsed = parse_query(self.router.url.query)
        self._show(parsed.query)
        self.problems = list(parsed.problems)
        self._suggest()
        self.is_loaded = True

    @rx.event
    def choose_depth(self, text: str) -> EventSpec | None:
        """Set the depth in steps; an empty value shows everything."""
        try:
            depth = parse_depth(text)
        except ValueError as error:
            self.problems = [str(error)]
            return None
        return self._change(self._query.with_options(max_depth=depth))

    @rx.event
    def toggle_kind(self, kind: str) -> EventSpec:
        """Show or hide a kind; none selected means all."""
        kinds = _toggle(self._query.options.kinds, kind.lower())
        return self._change(self._query.with_options(kinds=kinds))

    @rx.event
    def toggle_relation(self, relation: str) -> EventSpec:
        """Follow a type of relation or not; none selected means all."""
        relations = _toggle(self._query.options.relations, relation)
        return self._change(self._query.with_options(relations=relations))

    @rx.event
    def choose_direction(self, direction: str) -> EventSpec:
        """Change the direction of the layout."""
        return self._change(replace(self._query, direction=direction))

    @rx.event
    def choose_curve(self, curve: str) -> EventSpec:
        """Change the style of the lines."""
        return self._change(replace(self._query, curve=curve))

    @rx.event
    def toggle_simplified(self) -> EventSpec:
        """Show only edges that lead away from the roots, or all."""
        return self._change(self._query.with_options(unidirectional=not self.unidirectional))

    @rx.event
    def toggle_merging(self) -> EventSpec:
        """Draw one line for all relations of two entities, or one for each direction."""
        return self._change(self._query.with_options(merge_relations=not self.merge_relations))

    @rx.event
    def toggle_filters(self) -> None:
        """Open or close the filters, on a phone."""
        self.are_filters_open = not self.are_filters_open

    @rx.event
    def search(self, text: str) -> None:
        """Suggest entities as the root."""
        self.text = text
        self._suggest()

    def _change(self, query: GraphQuery) -> EventSpec:
        """Show a query and replace the address, without an entry in the browser's history."""
        self._show(query)
        self.problems = []
        return replace_address(CATALOG_GRAPH.path, query.to_address())

    def _show(self, query: GraphQuery) -> None:
        service = _service(self)
        graph = service.graph(query.roots, query.options)
        rows = build_graph_rows(graph, query)
        entities = {node.id: node.entity for node in graph.nodes if node.is_root}
        self._query = query
        self.nodes, self.edges, self.left_out = rows.nodes, rows.edges, rows.left_out
        self.unknown = [str(root) for root in graph.unknown_roots]
        self.subtitle = ", ".join(title_of(root, entities.get(str(root))) for root in query.roots)
        self.depth = "" if query.options.max_depth is None else str(query.options.max_depth)
        self.kinds = build_choices(service.kinds(), query.options.kinds)
        self.relations = build_choices(RELATION_TYPES, query.options.relations)
        self.direction, self.curve = query.direction, query.curve
        self.unidirectional = query.options.unidirectional
        self.merge_relations = query.options.merge_relations

    def _suggest(self) -> None:
        found = _service(self).suggest(self.text)
        self.suggestions = [build_suggestion(entity, self._query) for entity in found]


@access(CATALOG_ENTITY_READ)
class EntityGraphState(rx.State):
    """The card: the neighbours of the page's entity."""

    nodes: rx.Field[list[NodeRow]] = rx.field(default_factory=list)
    edges: rx.Field[list[EdgeRow]] = rx.field(default_factory=list)
    address: rx.Field[str] = rx.field("")
    shown_path: rx.Field[str] = rx.field("")

    @rx.event
    def load(self) -> None:
        """Show the neighbours of the entity in the address."""
        params = _route_params(self)
        namespace, kind, name = params["namespace"], params["kind"], params["name"]
        options = GraphOptions(max_depth=FIRST_DEPTH)
        query = GraphQuery((EntityRef(kind, namespace, name),), options)
        rows = build_graph_rows(_service(self).graph(query.roots, query.options), query)
        self.nodes, self.edges, self.address = rows.nodes, rows.edges, query.address
        self.shown_path = f"{namespace}/{kind}/{name}"


def _toggle(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    others = tuple(each for each in chosen if each != value)
    return (*others, value) if others == chosen else others


def _route_params(state: rx.State) -> dict[str, Any]:
    return {key: str(value) for key, value in state.router_data.get("query", {}).items()}
