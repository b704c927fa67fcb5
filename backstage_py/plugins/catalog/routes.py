"""The routes of the catalog. Source of the ids: `@backstage/plugin-catalog` (routes)."""

from backstage_py.portal.routes import RouteRef

CATALOG_INDEX = RouteRef("catalog", "/catalog")
CATALOG_ENTITY = RouteRef(
    "catalog:catalog-entity", "/catalog/[namespace]/[kind]/[name]", open_ended=True
)

ENTITY_OVERVIEW = "EntityOverviewContent"
"""The tab of an entity's page in which plugins place their cards."""
ENTITY_DEPENDENCIES = "EntityDependenciesContent"
"""The tab with an entity's dependencies and dependents."""
CATALOG_IMPORT = RouteRef("catalog-import", "/catalog-import")
CATALOG_ERRORS = RouteRef("catalog-unprocessed-entities", "/catalog-errors")
