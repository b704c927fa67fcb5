"""The declaration of the import page. Source of the names: `@backstage/plugin-catalog-import`."""

from backstage_py.analytics import CATALOG_LOCATION_READ
from backstage_py.plugins.catalog.api import CATALOG_IMPORT
from backstage_py.plugins.catalog_import.pages.import_page import catalog_import_page
from backstage_py.plugins.catalog_import.state.import_state import CatalogImportState
from backstage_py.portal.plugin import NavItem, PageExtension, PortalPlugin
from backstage_py.ui.browser_module import stylesheet

catalog_import_plugin = PortalPlugin(
    id="catalog-import",
    stylesheets=(stylesheet(__file__, "catalog_import.css"),),
    pages=(
        PageExtension(
            permission=CATALOG_LOCATION_READ,
            name="CatalogImportPage",
            route_ref=CATALOG_IMPORT,
            title="Register an existing component",
            page=catalog_import_page,
            on_load=CatalogImportState.load,
        ),
    ),
    commands=(
        NavItem(
            "Register an existing component",
            "plus",
            CATALOG_IMPORT,
            permission=CATALOG_LOCATION_READ,
        ),
    ),
)
