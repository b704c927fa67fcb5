"""The instrumentation page's declaration."""

from backstage_py.analytics import ANALYTICS_EVENT_READ
from backstage_py.insights.ui.instrumentation.pages.instrumentation_page import instrumentation_page
from backstage_py.insights.ui.instrumentation.state.instrumentation_state import (
    InstrumentationState,
)
from backstage_py.insights.ui.look import INSTRUMENTATION_STYLESHEET
from backstage_py.portal.plugin import NavItem, PageExtension, PortalPlugin
from backstage_py.portal.routes import RouteRef

INSTRUMENTATION = RouteRef("instrumentation", "/instrumentation")

instrumentation_plugin = PortalPlugin(
    id="instrumentation",
    stylesheets=(INSTRUMENTATION_STYLESHEET,),
    pages=(
        PageExtension(
            permission=ANALYTICS_EVENT_READ,
            name="InstrumentationPage",
            route_ref=INSTRUMENTATION,
            title="Instrumentation",
            page=lambda _contents: instrumentation_page(),
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
