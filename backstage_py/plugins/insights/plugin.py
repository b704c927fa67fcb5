"""Insights' declaration."""

import functools
from collections.abc import Callable, Sequence

from reflex_base.components.component import Component
from starlette.routing import Route

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, get_runtime
from backstage_py.insights import AnnotationsEndpoint, find_caller, get_annotations
from backstage_py.insights.ui.export import export_route
from backstage_py.insights.ui.host import get_host
from backstage_py.insights.ui.look import INSIGHTS_STYLESHEET
from backstage_py.insights.ui.pages.views import BUILDERS
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.state.events_state import EventsBehindState
from backstage_py.insights.ui.state.page_state import InsightsState
from backstage_py.plugins.insights import routes
from backstage_py.plugins.insights.host import TITLES
from backstage_py.plugins.insights.running import get_mcp_server, running
from backstage_py.portal.plugin import NavItem, PageContent, PageExtension, PortalPlugin


def _api_routes() -> list[Route]:
    runtime = get_runtime()
    annotations = AnnotationsEndpoint(get_annotations(), find_caller, origins=runtime.origins)
    return [
        export_route(get_insights_service, get_host().find_caller),
        *annotations.routes(),
        get_mcp_server().route(),
    ]


def _page(page: Callable[[], Component], _contents: Sequence[PageContent]) -> Component:
    return page()


insights_plugin = PortalPlugin(
    id="insights",
    stylesheets=(INSIGHTS_STYLESHEET,),
    api_routes=_api_routes,
    on_start=running,
    pages=tuple(
        PageExtension(
            permission=ANALYTICS_INSIGHTS_READ,
            name=f"Insights{view.capitalize()}Page",
            route_ref=routes.ROUTES[view],
            title=f"Insights: {TITLES[view]}",
            page=functools.partial(_page, BUILDERS[view]),
            on_load=[EventsBehindState.close, InsightsState.load(view)],
        )
        for view in TITLES
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
