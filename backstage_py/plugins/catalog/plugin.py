"""The catalog's declaration. Source of the names: `@backstage/plugin-catalog`."""

from starlette.routing import Route

from backstage_py.analytics import CATALOG_ENTITY_READ, get_recorder
from backstage_py.plugins.catalog.components.entity_content import (
    about_card,
    dependencies,
    has_labels,
    has_links,
    labels_card,
    links_card,
    overview,
)
from backstage_py.plugins.catalog.components.related_cards import is_kind, related_cards
from backstage_py.plugins.catalog.export import export_route
from backstage_py.plugins.catalog.pages.entity_page import catalog_entity_page
from backstage_py.plugins.catalog.pages.errors_page import catalog_errors_page
from backstage_py.plugins.catalog.pages.index_page import catalog_index_page
from backstage_py.plugins.catalog.query_api.routes import CatalogApi
from backstage_py.plugins.catalog.routes import (
    CATALOG_ENTITY,
    CATALOG_ERRORS,
    CATALOG_INDEX,
    ENTITY_DEPENDENCIES,
    ENTITY_OVERVIEW,
)
from backstage_py.plugins.catalog.service import get_catalog, get_registrations, get_stars
from backstage_py.plugins.catalog.state.entity_state import EntityState
from backstage_py.plugins.catalog.state.errors_state import CatalogErrorsState
from backstage_py.plugins.catalog.state.index_state import CatalogIndexState
from backstage_py.plugins.catalog.visibility import get_rights, see_catalog
from backstage_py.portal.plugin import (
    CardExtension,
    ContentExtension,
    NavItem,
    PageExtension,
    PortalPlugin,
)
from backstage_py.ui.browser_module import stylesheet


def _api_routes() -> list[Route]:
    identify = get_recorder().identify
    api = CatalogApi(get_catalog(), get_registrations(), identify=identify, rights=get_rights())
    return [*api.routes(), export_route(see_catalog, get_stars(), identify=identify)]


catalog_plugin = PortalPlugin(
    id="catalog",
    stylesheets=(stylesheet(__file__, "catalog.css"),),
    api_routes=_api_routes,
    pages=(
        PageExtension(
            permission=CATALOG_ENTITY_READ,
            name="CatalogIndexPage",
            route_ref=CATALOG_INDEX,
            title="Catalog",
            page=catalog_index_page,
            on_load=CatalogIndexState.load,
        ),
        PageExtension(
            permission=CATALOG_ENTITY_READ,
            name="CatalogEntityPage",
            route_ref=CATALOG_ENTITY,
            title="Entity",
            page=catalog_entity_page,
            on_load=EntityState.load,
        ),
        PageExtension(
            permission=CATALOG_ENTITY_READ,
            name="UnprocessedEntitiesPage",
            route_ref=CATALOG_ERRORS,
            title="Processing errors",
            page=catalog_errors_page,
            on_load=CatalogErrorsState.load,
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
            name=ENTITY_DEPENDENCIES,
            path="/dependencies",
            title="Dependencies",
            content=dependencies,
            shown_if=lambda: is_kind("component", "resource"),
        ),
    ),
    cards=(
        CardExtension(attach_to=ENTITY_OVERVIEW, name="EntityAboutCard", card=about_card),
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityLinksCard",
            card=links_card,
            shown_if=has_links,
        ),
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityLabelsCard",
            card=labels_card,
            shown_if=has_labels,
        ),
        *related_cards(),
    ),
    nav_items=(NavItem("Catalog", "library", CATALOG_INDEX, permission=CATALOG_ENTITY_READ),),
)
