"""The catalog's declaration. Source of the names: `@backstage/plugin-catalog`."""

from backstage_py.plugins.catalog.components.entity_content import (
    definition,
    descriptor,
    is_api,
    overview,
)
from backstage_py.plugins.catalog.pages.entity_page import catalog_entity_page
from backstage_py.plugins.catalog.pages.index_page import catalog_index_page
from backstage_py.plugins.catalog.routes import CATALOG_ENTITY, CATALOG_INDEX
from backstage_py.plugins.catalog.state import CatalogIndexState, EntityState
from backstage_py.portal.plugin import ContentExtension, NavItem, PageExtension, PortalPlugin

catalog_plugin = PortalPlugin(
    id="catalog",
    pages=(
        PageExtension(
            name="CatalogIndexPage",
            route_ref=CATALOG_INDEX,
            title="Catalog",
            page=catalog_index_page,
            on_load=CatalogIndexState.load,
        ),
        PageExtension(
            name="CatalogEntityPage",
            route_ref=CATALOG_ENTITY,
            title="Entity",
            page=catalog_entity_page,
            on_load=EntityState.load,
        ),
    ),
    contents=(
        ContentExtension(
            attach_to=CATALOG_ENTITY,
            name="EntityOverviewContent",
            path="/",
            title="Overview",
            content=overview,
        ),
        ContentExtension(
            attach_to=CATALOG_ENTITY,
            name="EntityDefinitionContent",
            path="/definition",
            title="Definition",
            content=definition,
            shown_if=is_api,
        ),
        ContentExtension(
            attach_to=CATALOG_ENTITY,
            name="EntityDescriptorContent",
            path="/descriptor",
            title="Descriptor",
            content=descriptor,
        ),
    ),
    nav_items=(NavItem("Catalog", "library", CATALOG_INDEX),),
)
