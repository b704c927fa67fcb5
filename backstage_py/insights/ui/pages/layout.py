"""What all pages of Insights have: the tabs, the controls, and the notice of sample data."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ
from backstage_py.insights.ui.components.controls import controls, sample_notice
from backstage_py.insights.ui.components.effect_dialog import effect_dialog
from backstage_py.insights.ui.components.events_dialog import events_dialog
from backstage_py.insights.ui.components.filter_bar import filter_bar
from backstage_py.insights.ui.components.light_on_paper import LightOnPaper
from backstage_py.insights.ui.components.pin_dialog import pin_dialog
from backstage_py.insights.ui.components.tile import tile_card
from backstage_py.insights.ui.host import get_host
from backstage_py.insights.ui.places import path_of
from backstage_py.insights.ui.state.page_state import InsightsState
from backstage_py.insights.ui.state.tabs_state import TabsState
from backstage_py.insights.ui.tiles import Tile
from backstage_py.ui.components import link, page, page_header


def insights_page(
    view: str, *content: Component, subtitle: str, has_period: bool = True
) -> Component:
    """A page of Insights; people who may not read it see whom to ask.

    Args:
        view: Its name.
        content: What it shows.
        subtitle: What it is about, in a sentence.
        has_period: Whether it is about a time, which can be chosen.
    """
    period = [controls(), *([] if view == "explorer" else [filter_bar()]), sample_notice()]
    return page(
        page_header("Insights", subtitle=subtitle),
        rx.cond(
            InsightsState.is_allowed,
            rx.fragment(
                tabs(view),
                *(period if has_period else []),
                *content,
                events_dialog(),
                effect_dialog(),
                pin_dialog(),
                LightOnPaper.create(),
            ),
            get_host().refuse(ANALYTICS_INSIGHTS_READ),
        ),
    )


def tile_grid(tiles: Sequence[Tile | Component]) -> Component:
    """Tiles side by side, wide ones in a row of their own."""
    shown = [tile_card(one) if isinstance(one, Tile) else one for one in tiles]
    return rx.el.div(*shown, class_name="bp-insights", data_busy=InsightsState.is_busy)


def tabs(view: str) -> Component:
    """The tabs of all pages; each keeps the range."""
    return rx.el.nav(
        *(_tab(one, title, is_current=one == view) for one, title in get_host().titles.items()),
        aria_label="Sections of this page",
        class_name="bp-tabs bp-insights-tabs",
        on_mount=TabsState.load,
    )


def _tab(view: str, title: str, *, is_current: bool) -> Component:
    path, kept = path_of(view), InsightsState.tab_address
    shown = link(
        title,
        to=rx.cond(kept, f"{path}?{kept}", path),
        class_name="bp-tab",
        aria_current="page" if is_current else "false",
    )
    return rx.cond(TabsState.hidden.contains(view), rx.fragment(), shown)
