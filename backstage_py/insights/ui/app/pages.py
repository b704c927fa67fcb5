"""Adds the dashboard to an app: `AnalyticsPlugin` calls this by its name when it is asked to."""

import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import Any

from anyio import to_thread
from reflex.app import App
from reflex_base.components.component import Component
from reflex_base.config import get_config
from starlette.routing import Route

from backstage_py.analytics import get_runtime
from backstage_py.insights.ui.app.frame import framed
from backstage_py.insights.ui.app.host import TITLES, AppHost, get_token
from backstage_py.insights.ui.app.token import token_route
from backstage_py.insights.ui.dashboarding import get_dashboards
from backstage_py.insights.ui.export import export_route
from backstage_py.insights.ui.host import get_host, use_host
from backstage_py.insights.ui.instrumentation.pages.instrumentation_page import instrumentation_page
from backstage_py.insights.ui.instrumentation.state.instrumentation_state import (
    InstrumentationState,
)
from backstage_py.insights.ui.live.live_page import live_page
from backstage_py.insights.ui.live.live_state import EventsState
from backstage_py.insights.ui.pages.layout import tabs
from backstage_py.insights.ui.pages.views import BUILDERS
from backstage_py.insights.ui.places import path_of
from backstage_py.insights.ui.service import get_insights_service, start_insights
from backstage_py.insights.ui.shared_page import shared_route
from backstage_py.insights.ui.state.events_state import EventsBehindState
from backstage_py.insights.ui.state.page_state import InsightsState
from backstage_py.insights.ui.state.pin_state import PinState
from backstage_py.ui.live import live_tabs


def add_pages(add_page: Callable[..., None], base: str) -> None:
    """Add the pages of the dashboard below `base`, by the `add_page` of Reflex's plugins."""
    use_host(AppHost(base.rstrip("/")))
    for view, title in TITLES.items():
        build, on_load = _page_of(view)
        add_page(
            _name_page(view, build),
            route=path_of(view),
            title=f"Insights: {title}",
            on_load=on_load,
        )


def list_routes() -> list[Route]:
    """The routes that the pages need beside them: exports, and the form of the token."""
    config, host = get_config(), get_host()
    prefix = config.prepend_backend_path("/").rstrip("/")
    routes: list[Route] = [
        export_route(get_insights_service, host.find_caller, prefix=prefix),
        shared_route(get_dashboards, get_insights_service, prefix=prefix),
    ]
    if (token := get_token()) is not None:
        dashboard = config.prepend_frontend_path(host.base)
        origins = get_runtime().origins
        routes.append(token_route(token, origins, prefix=prefix, dashboard=dashboard))
    return routes


def prepare(app: App) -> None:
    """Have open pages told when events arrive."""
    live_tabs.install(app)


@contextlib.asynccontextmanager
async def running() -> AsyncGenerator[None]:
    """The time in which this process serves, and keeps the copy that the pages ask."""
    await to_thread.run_sync(start_insights)
    yield


def _page_of(view: str) -> tuple[Callable[[], Component], list[Any]]:
    if view == "live":
        return lambda: live_page(tabs(view)), [EventsState.look]
    if view == "instrumentation":
        return lambda: instrumentation_page(tabs(view)), [InstrumentationState.look]
    return BUILDERS[view], [EventsBehindState.close, PinState.close, InsightsState.load(view)]


def _name_page(view: str, build: Callable[[], Component]) -> Callable[[], Component]:
    def page() -> Component:
        return framed(build())

    page.__name__ = f"insights_{view}_page"
    return page
