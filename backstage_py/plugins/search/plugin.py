"""The search's declaration. Source of the names: `@backstage/plugin-search`."""

from backstage_py.analytics import CATALOG_ENTITY_READ
from backstage_py.plugins.catalog.api import get_catalog
from backstage_py.plugins.search.catalog_collator import CatalogCollator
from backstage_py.plugins.search.components.modal import sidebar_palette
from backstage_py.plugins.search.pages.search_page import search_page
from backstage_py.plugins.search.routes import SEARCH
from backstage_py.plugins.search.service import get_search
from backstage_py.plugins.search.state.page_state import SearchPageState
from backstage_py.portal.plugin import ComponentExtension, PageExtension, PortalPlugin
from backstage_py.ui.browser_module import stylesheet


def _start() -> None:
    search = get_search()
    search.register(CatalogCollator(get_catalog()))
    search.start()


search_plugin = PortalPlugin(
    id="search",
    stylesheets=(stylesheet(__file__, "search.css"),),
    pages=(
        PageExtension(
            permission=CATALOG_ENTITY_READ,
            name="SearchPage",
            route_ref=SEARCH,
            title="Search",
            page=search_page,
            on_load=SearchPageState.load,
        ),
    ),
    sidebar=(ComponentExtension("SidebarSearchModal", sidebar_palette),),
    on_start=_start,
)
