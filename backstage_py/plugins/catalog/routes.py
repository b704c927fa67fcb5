"""The places of the catalog. Source of the ids: `@backstage/plugin-catalog` (routes)."""

from backstage_py.portal.routes import RouteRef

CATALOG_INDEX = RouteRef("catalog", "/catalog")
CATALOG_ENTITY = RouteRef(
    "catalog:catalog-entity", "/catalog/[namespace]/[kind]/[name]", open_ended=True
)

ENTITY_OVERVIEW = "EntityOverviewContent"
"""The content of an entity's page that plugins place their cards in."""
ENTITY_DEPENDENCIES = "EntityDependenciesContent"
"""The content of what an entity needs, and of what needs it."""
CATALOG_IMPORT = RouteRef("catalog-import", "/catalog-import")
CATALOG_ERRORS = RouteRef("catalog-unprocessed-entities", "/catalog-errors")
