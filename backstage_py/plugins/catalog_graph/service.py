"""The graph of the portal's catalog, and its choices."""

from collections.abc import Sequence
from dataclasses import dataclass

from backstage_py.plugins.catalog.api import CatalogReader, Entity, EntityFilter, EntityRef
from backstage_py.plugins.catalog_graph.graph import (
    Graph,
    GraphOptions,
    build_graph,
)

SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class CatalogGraphService:
    """Graphs of one catalog."""

    catalog: CatalogReader

    def graph(self, roots: Sequence[EntityRef], options: GraphOptions | None = None) -> Graph:
        """Build the current graph around some entities."""
        return build_graph(self._find, roots, options)

    def kinds(self) -> list[str]:
        """List the existing kinds, as they are written."""
        return [each.value for each in self.catalog.facets().kinds]

    def suggest(self, text: str) -> tuple[Entity, ...]:
        """List a few entities whose name, title or tags have these words."""
        found = self.catalog.list_entities(EntityFilter(text=text), limit=SUGGESTIONS)
        return found.items

    def _find(self, ref: EntityRef) -> Entity | None:
        return self.catalog.find_entity(*ref)
