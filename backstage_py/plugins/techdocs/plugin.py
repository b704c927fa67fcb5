"""The declaration of TechDocs. Source of the names: `@backstage/plugin-techdocs`."""

from starlette.routing import Route

from backstage_py.analytics import CATALOG_ENTITY_READ, get_recorder
from backstage_py.plugins.catalog.api import (
    CATALOG_ENTITY,
    EntityLink,
    get_catalog,
    offer_entity_link,
    see_catalog,
)
from backstage_py.plugins.search.api import get_search
from backstage_py.plugins.techdocs.collator import TechDocsCollator
from backstage_py.plugins.techdocs.pages.index_page import techdocs_index_page
from backstage_py.plugins.techdocs.pages.reader_page import (
    entity_techdocs_content,
    has_docs_tab,
    techdocs_reader_page,
)
from backstage_py.plugins.techdocs.routes import (
    ENTITY_DOCS,
    TECHDOCS_INDEX,
    TECHDOCS_READER,
    find_docs_path,
)
from backstage_py.plugins.techdocs.service import get_techdocs
from backstage_py.plugins.techdocs.state.index_state import TechDocsIndexState
from backstage_py.plugins.techdocs.state.reader_state import (
    EntityTechdocsState,
    TechDocsReaderState,
)
from backstage_py.plugins.techdocs.static_files import StaticFiles
from backstage_py.portal.plugin import ContentExtension, NavItem, PageExtension, PortalPlugin
from backstage_py.ui.browser_module import stylesheet


def _start() -> None:
    get_search().register(TechDocsCollator(get_techdocs(), get_catalog()))


def _api_routes() -> list[Route]:
    return StaticFiles(get_techdocs(), see_catalog, get_recorder()).routes()


offer_entity_link(EntityLink("techdocs", "View TechDocs", "file-text", find_docs_path))

techdocs_plugin = PortalPlugin(
    id="techdocs",
    stylesheets=(stylesheet(__file__, "techdocs.css"),),
    pages=(
        PageExtension(
            permission=CATALOG_ENTITY_READ,
            name="TechDocsIndexPage",
            route_ref=TECHDOCS_INDEX,
            title="Documentation",
            page=techdocs_index_page,
            on_load=TechDocsIndexState.load,
        ),
        PageExtension(
            permission=CATALOG_ENTITY_READ,
            name="TechDocsReaderPage",
            route_ref=TECHDOCS_READER,
            title="Documentation",
            page=techdocs_reader_page,
            on_load=TechDocsReaderState.load,
        ),
    ),
    contents=(
        ContentExtension(
            attach_to=CATALOG_ENTITY,
            name="EntityTechdocsContent",
            path="/docs",
            title="Docs",
            content=entity_techdocs_content,
            route_ref=ENTITY_DOCS,
            shown_if=has_docs_tab,
            on_load=EntityTechdocsState.load,
        ),
    ),
    nav_items=(NavItem("Docs", "book-open-text", TECHDOCS_INDEX, permission=CATALOG_ENTITY_READ),),
    api_routes=_api_routes,
    on_start=_start,
)
