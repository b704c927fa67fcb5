"""The grid of the start page, and the buttons to change it, usable by keyboard."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.home.arrangement import WIDTHS, Place
from backstage_py.plugins.home.state.arrangement_state import ArrangementState
from backstage_py.plugins.home.texts import text
from backstage_py.portal.components import skeleton_rows
from backstage_py.portal.plugin import PageCard, Widget


def widget_grid(cards: Sequence[PageCard]) -> Component:
    """The widgets in the person's own order."""
    state = ArrangementState
    places = rx.el.ul(
        rx.foreach(state.places, lambda place: _place(place, cards)), class_name="bp-home-widgets"
    )
    nothing = rx.el.p(text("empty"), class_name="bp-muted")
    return rx.fragment(
        rx.cond(state.is_broken, rx.el.p(text("broken"), role="alert", class_name="bp-warning")),
        rx.cond(state.is_editing, _adding(cards)),
        rx.cond(state.is_loaded, rx.cond(state.places, places, nothing), skeleton_rows(8)),
    )


def edit_actions() -> list[Component]:
    """The buttons in the page's header."""
    state = ArrangementState
    restore = rx.el.button(
        rx.icon("rotate-ccw", size=16, aria_hidden=True),
        text("restore"),
        type="button",
        class_name="bp-button",
        on_click=state.restore,
    )
    edit = rx.el.button(
        rx.icon("layout-dashboard", size=16, aria_hidden=True),
        rx.cond(state.is_editing, text("done"), text("edit")),
        type="button",
        class_name="bp-button",
        aria_pressed=state.is_editing,
        on_click=state.edit,
    )
    return [rx.cond(state.is_editing, restore), edit]


def _place(place: ObjectVar[Place], cards: Sequence[PageCard]) -> Component:
    widget = rx.match(place.name, *((card.name, card.component) for card in cards), rx.fragment())
    return rx.el.li(
        rx.cond(ArrangementState.is_editing, _tools(place, cards)),
        widget,
        key=place.name,
        class_name="bp-home-widget",
        data_columns=place.columns,
    )


def _tools(place: ObjectVar[Place], cards: Sequence[PageCard]) -> Component:
    state = ArrangementState
    name, title = place.name, _title(place.name, cards)
    fixed = [card.name for card in cards if _widget(card).is_fixed]
    remove = _tool("x", text("remove", title=title), state.remove(name))
    return rx.el.div(
        rx.el.strong(title),
        rx.el.div(
            _tool("arrow-left", text("moveEarlier", title=title), state.move(name, "earlier")),
            _tool("arrow-right", text("moveLater", title=title), state.move(name, "later")),
            rx.el.select(
                *(rx.el.option(text(f"width{width}"), value=str(width)) for width in WIDTHS),
                aria_label=text("width", title=title),
                value=place.columns.to_string(),
                on_change=lambda columns: state.resize(name, columns),
            ),
            rx.cond(rx.Var.create(fixed).contains(name), rx.fragment(), remove),
            class_name="bp-home-widget-buttons",
        ),
        class_name="bp-home-widget-tools",
    )


def _tool(icon: str, label: Any, on_click: Any) -> Component:
    return rx.el.button(
        rx.icon(icon, size=16),
        type="button",
        class_name="bp-icon-button",
        aria_label=label,
        title=label,
        on_click=on_click,
    )


def _adding(cards: Sequence[PageCard]) -> Component:
    return rx.el.div(
        rx.el.p(text("editHint"), class_name="bp-hint"),
        rx.el.div(
            rx.foreach(ArrangementState.missing, lambda name: _add(name, cards)),
            class_name="bp-actions",
        ),
        class_name="bp-card bp-stack",
    )


def _add(name: rx.Var[str], cards: Sequence[PageCard]) -> Component:
    return rx.el.button(
        rx.icon("plus", size=16, aria_hidden=True),
        text("addWidget", title=_title(name, cards)),
        type="button",
        class_name="bp-button",
        on_click=ArrangementState.add(name),
    )


def _title(name: rx.Var[str], cards: Sequence[PageCard]) -> Any:
    return rx.match(name, *((card.name, _widget(card).title) for card in cards), name)


def _widget(card: PageCard) -> Widget:
    """A card's widget; for a card without one, its name is the title."""
    return card.widget or Widget(card.name)
