"""The instrumentation page's declaration."""

from backstage_py.analytics import ANALYTICS_EVENT_READ
from backstage_py.plugins.instrumentation.pages.instrumentation_page import instrumentation_page
from backstage_py.plugins.instrumentation.state.instrumentation_state import InstrumentationState
from backstage_py.portal.plugin import NavItem, PageExtension, PortalPlugin
from backstage_py.portal.routes import RouteRef
from backstage_py.ui.browser_module import stylesheet

INSTRUMENTATION = RouteRef("instrumentation", "/instrumentation")

instrumentation_plugin = PortalPlugin(
    id="instrumentation",
    stylesheets=(stylesheet(__file__, "instrumentation.css"),),
    pages=(
        PageExtension(
            permission=ANALYTICS_EVENT_READ,
            name="InstrumentationPage",
            route_ref=INSTRUMENTATION,
            title="Instrumentation",
            page=instrumentation_page,
            on_load=InstrumentationState.look,
        ),
    ),
    nav_items=(
        NavItem(
            "Instrumentation",
            "list-checks",
            INSTRUMENTATION,
            section="Analytics",
            permission=ANALYTICS_EVENT_READ,
        ),
    ),
)
