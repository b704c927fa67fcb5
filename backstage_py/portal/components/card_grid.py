"""A grid of cards."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.portal.page_parts import PageCard


def card_grid(cards: Sequence[PageCard]) -> Component:
    """The visible cards; wide ones get a row of their own."""
    return rx.el.div(*(_cell(card) for card in cards), class_name="bp-grid")


def _cell(card: PageCard) -> Component:
    cell = rx.el.div(card.component, class_name="bp-cell bp-wide" if card.is_wide else "bp-cell")
    return cell if card.shown_if is None else rx.cond(card.shown_if, cell)
