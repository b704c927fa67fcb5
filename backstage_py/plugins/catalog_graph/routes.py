"""The route of the graph. Source of the id: `@backstage/plugin-catalog-graph` (routes)."""

from backstage_py.portal.routes import RouteRef

CATALOG_GRAPH = RouteRef("catalog-graph", "/catalog-graph")
