"""The start page."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.home.service import KindCount, OwnedEntity
from backstage_py.plugins.home.state import HomeState
from backstage_py.portal.components import (
    chip,
    info_card,
    link,
    link_button,
    page,
    page_header,
    skeleton_rows,
)
from backstage_py.portal.plugin import PageContent


def home_page(_contents: Sequence[PageContent]) -> Component:
    """Where to begin."""
    return page(
        page_header(
            "Welcome",
            subtitle="Find what your teams run, and see how the portal is used.",
            actions=[link_button("Browse the catalog", to="/catalog")],
        ),
        rx.cond(HomeState.is_loaded, _counts(), skeleton_rows(2)),
        rx.el.div(_owned(), _measured(), class_name="bp-grid"),
    )


def _counts() -> Component:
    return rx.el.ul(rx.foreach(HomeState.kinds, _count), class_name="bp-tiles")


def _count(kind: ObjectVar[KindCount]) -> Component:
    tile = link(
        rx.el.strong(kind.count),
        rx.el.span(kind.kind),
        to=f"/catalog?filters[kind]={kind.kind.lower()}",
        class_name="bp-card bp-tile",
    )
    return rx.el.li(tile)


def _owned() -> Component:
    rows = rx.el.ul(rx.foreach(HomeState.owned, _owned_entity), class_name="bp-list")
    nothing = rx.el.p("You and your teams own nothing in the catalog yet.", class_name="bp-muted")
    return info_card(
        "Owned by your teams",
        rx.cond(HomeState.is_loaded, rx.cond(HomeState.owned, rows, nothing), skeleton_rows(4)),
    )


def _owned_entity(entity: ObjectVar[OwnedEntity]) -> Component:
    return rx.el.li(link(entity.title, to=entity.path), chip(entity.kind))


def _measured() -> Component:
    return info_card(
        "Every click here is an event",
        rx.el.p(
            "This portal measures itself: each page and component sits in an analytics context, "
            "and what you do is recorded as you do it.",
            class_name="bp-muted",
        ),
        rx.el.p(link("Watch your events arrive", to="/events")),
    )
