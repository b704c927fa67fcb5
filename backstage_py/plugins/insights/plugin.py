"""Insights' declaration."""

from starlette.routing import Route

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, get_runtime
from backstage_py.insights import AnnotationsEndpoint, find_caller, get_annotations
from backstage_py.plugins.insights import routes
from backstage_py.plugins.insights.export import export_route
from backstage_py.plugins.insights.pages.views import (
    content_page,
    explorer_page,
    overview_page,
    plugins_page,
    retention_page,
    search_page,
    templates_page,
)
from backstage_py.plugins.insights.running import get_mcp_server, running
from backstage_py.plugins.insights.service import get_insights_service
from backstage_py.plugins.insights.state.events_state import EventsBehindState
from backstage_py.plugins.insights.state.page_state import InsightsState
from backstage_py.portal.browser_module import stylesheet
from backstage_py.portal.plugin import NavItem, PageExtension, PortalPlugin

_PAGES = (
    ("InsightsOverviewPage", routes.OVERVIEW, overview_page, "overview"),
    ("InsightsPluginsPage", routes.PLUGINS, plugins_page, "plugins"),
    ("InsightsSearchPage", routes.SEARCH, search_page, "search"),
    ("InsightsTemplatesPage", routes.TEMPLATES, templates_page, "templates"),
    ("InsightsContentPage", routes.CONTENT, content_page, "content"),
    ("InsightsRetentionPage", routes.RETENTION, retention_page, "retention"),
    ("InsightsExplorerPage", routes.EXPLORER, explorer_page, "explorer"),
)


def _api_routes() -> list[Route]:
    runtime = get_runtime()
    annotations = AnnotationsEndpoint(get_annotations(), find_caller, origins=runtime.origins)
    return [
        export_route(get_insights_service, identify=runtime.recorder.identify),
        *annotations.routes(),
        get_mcp_server().route(),
    ]


insights_plugin = PortalPlugin(
    id="insights",
    stylesheets=(stylesheet(__file__, "insights.css"),),
    api_routes=_api_routes,
    on_start=running,
    pages=tuple(
        PageExtension(
            permission=ANALYTICS_INSIGHTS_READ,
            name=name,
            route_ref=route_ref,
            title=f"Insights: {routes.TABS[route_ref]}",
            page=page,
            on_load=[EventsBehindState.close, InsightsState.load(view)],
        )
        for name, route_ref, page, view in _PAGES
    ),
    nav_items=(
        NavItem(
            "Insights",
            "chart-line",
            routes.OVERVIEW,
            section="Analytics",
            permission=ANALYTICS_INSIGHTS_READ,
        ),
    ),
)
