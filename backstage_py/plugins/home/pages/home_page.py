"""The start page."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.plugins.home.arrangement import WidgetInfo
from backstage_py.plugins.home.components.grid import edit_actions, widget_grid
from backstage_py.plugins.home.state.arrangement_state import declare_widgets
from backstage_py.plugins.home.texts import text
from backstage_py.portal.components import page, page_header
from backstage_py.portal.language import language
from backstage_py.portal.plugin import CardExtension, PageCard, PageContent, Widget


def home_page(contents: Sequence[PageContent]) -> Component:
    """The start page."""
    return rx.el.div(
        page(
            page_header(text("welcome"), subtitle=text("subtitle"), actions=edit_actions()),
            *(content.component for content in contents),
        ),
        lang=language(),
    )


def home_content(cards: Sequence[PageCard]) -> Component:
    """The plugins' widgets, as the person has arranged them."""
    return widget_grid(cards)


def declare_cards(cards: Sequence[CardExtension]) -> None:
    """Declare the cards of the page as widgets that people can arrange."""
    widgets = [(card.name, card.widget or Widget(card.name)) for card in cards]
    declare_widgets(
        [
            WidgetInfo(name, one.columns, one.is_shown, one.is_fixed, one.feature_flag)
            for name, one in widgets
        ]
    )
