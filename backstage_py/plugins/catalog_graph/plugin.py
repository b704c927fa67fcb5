"""The graph's declaration. Source of the names: `@backstage/plugin-catalog-graph`."""

from backstage_py.analytics import CATALOG_ENTITY_READ
from backstage_py.plugins.catalog.api import ENTITY_OVERVIEW
from backstage_py.plugins.catalog_graph.components.card import entity_graph_card
from backstage_py.plugins.catalog_graph.pages.graph_page import catalog_graph_page
from backstage_py.plugins.catalog_graph.routes import CATALOG_GRAPH
from backstage_py.plugins.catalog_graph.state.graph_state import CatalogGraphState, EntityGraphState
from backstage_py.portal.plugin import CardExtension, NavItem, PageExtension, PortalPlugin
from backstage_py.ui.browser_module import stylesheet

catalog_graph_plugin = PortalPlugin(
    id="catalog-graph",
    stylesheets=(stylesheet(__file__, "catalog_graph.css"),),
    pages=(
        PageExtension(
            permission=CATALOG_ENTITY_READ,
            name="CatalogGraphPage",
            route_ref=CATALOG_GRAPH,
            title="Catalog graph",
            page=catalog_graph_page,
            on_load=CatalogGraphState.load,
        ),
    ),
    cards=(
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityCatalogGraphCard",
            card=entity_graph_card,
            is_wide=True,
            on_load=EntityGraphState.load,
        ),
    ),
    nav_items=(
        NavItem("Catalog graph", "waypoints", CATALOG_GRAPH, permission=CATALOG_ENTITY_READ),
    ),
)
