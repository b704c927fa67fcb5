"""The graph of the portal's catalog, and what there is to choose for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from backstage_py.plugins.catalog.service import CatalogService, Entity, EntityFilter, EntityRef
from backstage_py.plugins.catalog_graph.graph import (
    MAX_NODES,
    Graph,
    GraphEdge,
    GraphNode,
    GraphOptions,
    build_graph,
)
from backstage_py.plugins.catalog_graph.query import GraphQuery, ParsedQuery, parse_query
from backstage_py.plugins.catalog_graph.relation_pairs import RELATION_TYPES

__all__ = [
    "MAX_NODES",
    "RELATION_TYPES",
    "CatalogGraphService",
    "Graph",
    "GraphEdge",
    "GraphNode",
    "GraphOptions",
    "GraphQuery",
    "ParsedQuery",
    "parse_query",
]

SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class CatalogGraphService:
    """Graphs of one catalog."""

    catalog: CatalogService

    def graph(self, roots: Sequence[EntityRef], options: GraphOptions | None = None) -> Graph:
        """Build the graph around some entities, as the catalog is now."""
        return build_graph(self._find, roots, options)

    def kinds(self) -> list[str]:
        """List the kinds there are, as they are written."""
        return [each.value for each in self.catalog.facets().kinds]

    def suggest(self, text: str) -> tuple[Entity, ...]:
        """List a few entities whose name, title or tags have these words."""
        found = self.catalog.list_entities(EntityFilter(text=text), limit=SUGGESTIONS)
        return found.items

    def _find(self, ref: EntityRef) -> Entity | None:
        return self.catalog.find_entity(*ref)
