"""The start page's declaration. Source of the names: `@backstage/plugin-home`."""

from collections.abc import Callable

from reflex_base.components.component import Component

from backstage_py.plugins.home.components import widgets
from backstage_py.plugins.home.components.world_clock import world_clock
from backstage_py.plugins.home.pages.home_page import declare_cards, home_content, home_page
from backstage_py.plugins.home.routes import HOME, HOME_WIDGETS
from backstage_py.plugins.home.state.arrangement_state import ArrangementState
from backstage_py.plugins.home.state.home_state import HomeState
from backstage_py.plugins.home.texts import text
from backstage_py.portal.plugin import (
    CardExtension,
    ContentExtension,
    FeatureFlag,
    NavItem,
    PageExtension,
    PortalPlugin,
    Widget,
)
from backstage_py.ui.browser_module import stylesheet

WORLD_CLOCK = "world-clock"


def _widget(
    name: str,
    card: Callable[[], Component],
    title: str,
    columns: int,
    *,
    is_shown: bool = True,
    is_fixed: bool = False,
    feature_flag: str = "",
) -> CardExtension:
    return CardExtension(
        attach_to=HOME_WIDGETS,
        name=name,
        card=card,
        widget=Widget(
            text(title),
            columns,
            is_shown=is_shown,
            is_fixed=is_fixed,
            feature_flag=feature_flag,
        ),
    )


home_plugin = PortalPlugin(
    id="home",
    stylesheets=(stylesheet(__file__, "home.css"),),
    pages=(
        PageExtension(
            name="HomepageCompositionRoot",
            route_ref=HOME,
            title="Home",
            page=home_page,
            on_load=ArrangementState.load,
        ),
    ),
    contents=(
        ContentExtension(
            attach_to=HOME,
            name=HOME_WIDGETS,
            path="/",
            title="Home",
            content=home_content,
            on_load=HomeState.load,
            on_cards=declare_cards,
        ),
    ),
    cards=(
        _widget("HomePageSearchBar", widgets.search_bar, "search", 12, is_fixed=True),
        _widget("HomePageCatalogGlance", widgets.glance, "glance", 12),
        _widget("HomePageStarredEntities", widgets.starred, "starred", 4),
        _widget("HomePageRecentlyVisited", widgets.recently_visited, "recent", 4),
        _widget("HomePageMostVisited", widgets.most_visited, "most", 4),
        _widget("HomePageTeamEntities", widgets.owned, "owned", 4),
        _widget("FeaturedDocsCard", widgets.featured_docs, "docs", 4),
        _widget("HomePageToolkit", widgets.quick_links, "links", 4),
        _widget("HomePageGettingStarted", widgets.getting_started, "started", 8),
        _widget("HomePageMeasured", widgets.measured, "measured", 4),
        _widget(
            "HeaderWorldClock", world_clock, "clock", 4, is_shown=False, feature_flag=WORLD_CLOCK
        ),
    ),
    nav_items=(NavItem("Home", "house", HOME),),
    feature_flags=(
        FeatureFlag(WORLD_CLOCK, "A widget for the start page: what time it is in other offices."),
    ),
)
