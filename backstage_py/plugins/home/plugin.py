"""The start page's declaration. Source of the names: `@backstage/plugin-home`."""

from backstage_py.plugins.home.page import home_page
from backstage_py.plugins.home.state import HomeState
from backstage_py.portal.plugin import NavItem, PageExtension, PortalPlugin
from backstage_py.portal.routes import RouteRef

HOME = RouteRef("home", "/")

home_plugin = PortalPlugin(
    id="home",
    pages=(
        PageExtension(
            name="HomepageCompositionRoot",
            route_ref=HOME,
            title="Home",
            page=home_page,
            on_load=HomeState.load,
        ),
    ),
    nav_items=(NavItem("Home", "house", HOME),),
)
