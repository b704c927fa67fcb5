"""The live view's declaration."""

from backstage_py.analytics import ANALYTICS_EVENT_READ
from backstage_py.insights.ui.live.live_page import live_page
from backstage_py.insights.ui.live.live_state import EventsState
from backstage_py.portal.plugin import NavItem, PageExtension, PortalPlugin
from backstage_py.portal.routes import RouteRef

EVENTS = RouteRef("events", "/events")

events_plugin = PortalPlugin(
    id="events",
    pages=(
        PageExtension(
            permission=ANALYTICS_EVENT_READ,
            name="EventsPage",
            route_ref=EVENTS,
            title="Events",
            page=lambda _contents: live_page(),
            on_load=EventsState.load,
        ),
    ),
    nav_items=(
        NavItem("Events", "radio", EVENTS, section="Analytics", permission=ANALYTICS_EVENT_READ),
    ),
)
