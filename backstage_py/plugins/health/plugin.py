"""The health page's declaration."""

from backstage_py.analytics import ANALYTICS_EVENT_READ
from backstage_py.plugins.health.pages.health_page import health_page
from backstage_py.plugins.health.state.health_state import HealthState
from backstage_py.portal.plugin import NavItem, PageExtension, PortalPlugin
from backstage_py.portal.routes import RouteRef
from backstage_py.ui.browser_module import stylesheet

HEALTH = RouteRef("health", "/health")

health_plugin = PortalPlugin(
    id="health",
    stylesheets=(stylesheet(__file__, "health.css"),),
    pages=(
        PageExtension(
            permission=ANALYTICS_EVENT_READ,
            name="HealthPage",
            route_ref=HEALTH,
            title="Health",
            page=health_page,
            on_load=HealthState.look,
        ),
    ),
    nav_items=(
        NavItem("Health", "activity", HEALTH, section="Analytics", permission=ANALYTICS_EVENT_READ),
    ),
)
