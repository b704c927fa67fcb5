"""Insights' declaration."""

import functools
from collections.abc import Callable, Sequence

from reflex_base.components.component import Component
from starlette.routing import Route

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, get_runtime
from backstage_py.insights import AnnotationsEndpoint, find_caller, get_annotations
from backstage_py.insights.ui.alerting import compare
from backstage_py.insights.ui.dashboarding import get_dashboards
from backstage_py.insights.ui.export import export_route
from backstage_py.insights.ui.host import get_host
from backstage_py.insights.ui.look import INSIGHTS_STYLESHEET
from backstage_py.insights.ui.pages.views import BUILDERS
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.shared_page import shared_route
from backstage_py.insights.ui.state.events_state import EventsBehindState
from backstage_py.insights.ui.state.page_state import InsightsState
from backstage_py.insights.ui.state.pin_state import PinState
from backstage_py.plugins.catalog.api import ENTITY_OVERVIEW
from backstage_py.plugins.home.api import HOME_WIDGETS
from backstage_py.plugins.insights import routes
from backstage_py.plugins.insights.components.home_tiles import home_tiles
from backstage_py.plugins.insights.components.usage_card import has_usage, usage_card
from backstage_py.plugins.insights.host import TITLES
from backstage_py.plugins.insights.running import get_mcp_server, running
from backstage_py.plugins.insights.state.usage_state import UsageState
from backstage_py.portal.page_parts import Widget
from backstage_py.portal.plugin import (
    CardExtension,
    NavItem,
    PageContent,
    PageExtension,
    PortalPlugin,
)


def _api_routes() -> list[Route]:
    runtime = get_runtime()
    annotations = AnnotationsEndpoint(
        get_annotations(), find_caller, origins=runtime.origins, compare=compare
    )
    return [
        export_route(get_insights_service, get_host().find_caller),
        *annotations.routes(),
        shared_route(get_dashboards, get_insights_service),
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
            on_load=[EventsBehindState.close, PinState.close, InsightsState.load(view)],
        )
        for view in TITLES
    ),
    cards=(
        CardExtension(
            attach_to=HOME_WIDGETS,
            name="HomePageInsights",
            card=home_tiles,
            widget=Widget("Insights", 6, is_shown=False),
        ),
        CardExtension(
            attach_to=ENTITY_OVERVIEW,
            name="EntityUsageCard",
            card=usage_card,
            order=100,
            shown_if=has_usage,
            on_load=UsageState.load,
        ),
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
