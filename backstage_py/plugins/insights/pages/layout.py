"""What all pages of Insights have: the tabs, the controls, and the notice of sample data."""

from collections.abc import Sequence
from itertools import starmap

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ
from backstage_py.plugins.insights.components.controls import controls, sample_notice
from backstage_py.plugins.insights.components.events_dialog import events_dialog
from backstage_py.plugins.insights.components.light_on_paper import LightOnPaper
from backstage_py.plugins.insights.components.tile import tile_card
from backstage_py.plugins.insights.routes import TABS
from backstage_py.plugins.insights.state.page_state import InsightsState
from backstage_py.plugins.insights.tiles import Tile
from backstage_py.portal.components import forbidden, link, page, page_header
from backstage_py.portal.routes import RouteRef, is_at


def insights_page(*content: Component, subtitle: str) -> Component:
    """A page of Insights; who may not read it sees whom to ask."""
    return page(
        page_header("Insights", subtitle=subtitle),
        rx.cond(
            InsightsState.is_allowed,
            rx.fragment(
                tabs(),
                controls(),
                sample_notice(),
                *content,
                events_dialog(),
                LightOnPaper.create(),
            ),
            forbidden(ANALYTICS_INSIGHTS_READ),
        ),
    )


def tile_grid(tiles: Sequence[Tile | Component]) -> Component:
    """Tiles side by side, wide ones in a row of their own."""
    shown = [tile_card(one) if isinstance(one, Tile) else one for one in tiles]
    return rx.el.div(*shown, class_name="bp-insights", data_busy=InsightsState.is_busy)


def tabs() -> Component:
    """The tabs; each takes the range along."""
    return rx.el.nav(
        *starmap(_tab, TABS.items()),
        aria_label="Sections of this page",
        class_name="bp-tabs",
    )


def _tab(ref: RouteRef, title: str) -> Component:
    taken = InsightsState.tab_address
    return link(
        title,
        to=rx.cond(taken, f"{ref.path}?{taken}", ref.path),
        class_name="bp-tab",
        aria_current=rx.cond(is_at(ref.path, exactly=True), "page", "false"),
    )
