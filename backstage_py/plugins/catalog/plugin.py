"""The catalog's declaration. Source of the names: `@backstage/plugin-catalog`."""

from starlette.routing import Route

from backstage_py.analytics import get_recorder
from backstage_py.plugins.catalog.components.entity_content import (
    about_card,
    definition,
    descriptor,
    is_api,
    links_card,
    overview,
    relations_card,
)
from backstage_py.plugins.catalog.pages.entity_page import catalog_entity_page
from backstage_py.plugins.catalog.pages.index_page import catalog_index_page
from backstage_py.plugins.catalog.query_api.routes import CatalogApi
from backstage_py.plugins.catalog.routes import CATALOG_ENTITY, CATALOG_INDEX, ENTITY_OVERVIEW
from backstage_py.plugins.catalog.service import get_catalog, get_registrations
from backstage_py.plugins.catalog.state import CatalogIndexState, EntityState
from backstage_py.portal.plugin import (
    CardExtension,
    ContentExtension,
    NavItem,
    PageExtension,
    PortalPlugin,
)


def _api_routes() -> list[Route]:
    return CatalogApi(get_catalog(), get_registrations(), identify=get_recorder().identify).routes()


catalog_plugin = PortalPlugin(
    id="catalog",
    api_routes=_api_routes,
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
            name=ENTITY_OVERVIEW,
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
    cards=(
        CardExtension(attach_to=ENTITY_OVERVIEW, name="EntityAboutCard", card=about_card),
        CardExtension(attach_to=ENTITY_OVERVIEW, name="EntityRelationsCard", card=relations_card),
        CardExtension(attach_to=ENTITY_OVERVIEW, name="EntityLinksCard", card=links_card),
    ),
    nav_items=(NavItem("Catalog", "library", CATALOG_INDEX),),
)
