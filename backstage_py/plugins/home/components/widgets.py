"""The widgets of the start page, each a card of its own."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar, ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.home.catalog_lists import KindCount, OwnedEntity
from backstage_py.plugins.home.service import get_home_settings
from backstage_py.plugins.home.settings import QuickLink
from backstage_py.plugins.home.state.home_state import HomeState, VisitsState
from backstage_py.plugins.home.texts import text
from backstage_py.plugins.home.visits import Visit
from backstage_py.portal.components import (
    chip,
    info_card,
    link,
    link_button,
    ranking_list,
    skeleton_rows,
)


def search_bar() -> Component:
    """A bar that leads to the search."""
    return rx.el.form(
        rx.icon("search", size=20, aria_hidden=True),
        rx.el.input(
            type="search",
            name="query",
            aria_label=text("search"),
            placeholder=text("searchPlaceholder"),
            max_length=200,
        ),
        rx.el.button(text("searchButton"), type="submit", class_name="bp-button bp-primary"),
        role="search",
        class_name="bp-query-bar bp-card",
        on_submit=HomeState.search,
    )


def glance() -> Component:
    """The number of entities of each kind."""
    counts = rx.el.ul(rx.foreach(HomeState.kinds, _count), class_name="bp-home-tiles")
    way = link(text("register"), to="/catalog-import")
    nothing = rx.el.p(text("emptyCatalog"), " ", way, class_name="bp-muted")
    shown = rx.cond(HomeState.kinds, counts, nothing)
    return info_card(text("glance"), rx.cond(HomeState.is_loaded, shown, skeleton_rows(2)))


def _count(kind: ObjectVar[KindCount]) -> Component:
    tile = link(
        rx.el.strong(kind.count),
        rx.el.span(kind.title),
        to=f"/catalog?filters[kind]={kind.kind.lower()}",
        class_name="bp-tile",
    )
    return rx.el.li(tile)


def owned() -> Component:
    """The entities that the person's teams own."""
    return _entities("owned", HomeState.owned, rx.el.p(text("noneOwned"), class_name="bp-muted"))


def starred() -> Component:
    """The person's starred entities."""
    nothing = rx.fragment(
        rx.el.p(text("noneStarred"), class_name="bp-muted"),
        rx.el.p(link(text("browse"), to="/catalog")),
    )
    return _entities("starred", HomeState.starred, nothing)


def featured_docs() -> Component:
    """The entities with their own documentation."""
    return _entities("docs", HomeState.documented, rx.el.p(text("noDocs"), class_name="bp-muted"))


def _entities(
    title: str, entities: ArrayVar[Sequence[OwnedEntity]], nothing: Component
) -> Component:
    rows = rx.el.ul(rx.foreach(entities, _entity), class_name="bp-list")
    return info_card(
        text(title),
        rx.cond(HomeState.is_loaded, rx.cond(entities, rows, nothing), skeleton_rows(4)),
    )


def _entity(entity: ObjectVar[OwnedEntity]) -> Component:
    return rx.el.li(link(entity.title, to=entity.path), chip(entity.kind))


def recently_visited() -> Component:
    """The pages that the person visited last."""
    rows = rx.el.ul(rx.foreach(VisitsState.recent, _visit), class_name="bp-list")
    return _visits("recent", VisitsState.recent, rows)


def most_visited() -> Component:
    """The pages that the person visits most."""
    rows = ranking_list(
        VisitsState.most,
        name=lambda visit: link(visit.title, to=visit.path),
        share=lambda visit: visit.share,
        value=_count_visits,
    )
    return _visits("most", VisitsState.most, rows)


def _visits(title: str, visits: Any, rows: Component) -> Component:
    nothing = rx.fragment(
        rx.el.p(text("noVisits"), class_name="bp-muted"),
        rx.el.p(link(text("visitsPrivacy"), to="/settings/privacy")),
    )
    return info_card(
        text(title),
        rx.cond(VisitsState.is_loaded, rx.cond(visits, rows, nothing), skeleton_rows(4)),
        on_mount=VisitsState.look,
    )


def _visit(visit: ObjectVar[Visit]) -> Component:
    return rx.el.li(link(visit.title, to=visit.path), rx.cond(visit.kind, chip(visit.kind)))


def _count_visits(visit: ObjectVar[Visit]) -> rx.Var[str]:
    return rx.cond(visit.hits == 1, text("oneHit"), text("hits", count=visit.hits))


def quick_links() -> Component:
    """The owner's links."""
    links = get_home_settings().quick_links
    shown = rx.el.ul(*(_quick_link(one) for one in links), class_name="bp-home-quick-links")
    nothing = rx.el.p(text("noLinks"), class_name="bp-muted")
    return info_card(text("links"), shown if links else nothing)


def _quick_link(one: QuickLink) -> Component:
    icon = rx.icon(one.icon, size=20, aria_hidden=True)
    return rx.el.li(link(icon, rx.el.span(one.title), to=one.url, class_name="bp-home-quick-link"))


def getting_started() -> Component:
    """First steps: those of the configuration, or three that fit every portal."""
    tour = [
        _step(step.title, step.text, link(step.link, to=step.url))
        for step in get_home_settings().tour
    ]
    general = [
        _step(text(key), text(f"{key}Text"), link(text(way), to=to))
        for key, way, to in (
            ("startedFind", "browse", "/catalog"),
            ("startedRegister", "register", "/catalog-import"),
            ("startedSettings", "settings", "/settings"),
        )
    ]
    return info_card(text("started"), rx.el.ol(*(tour or general), class_name="bp-home-started"))


def _step(title: Any, about: Any, way: Component) -> Component:
    return rx.el.li(rx.el.h3(title), rx.el.p(about, class_name="bp-muted"), way)


def measured() -> Component:
    """A note that the portal measures its own use."""
    return info_card(
        text("measured"),
        rx.el.p(text("measuredText"), class_name="bp-muted"),
        rx.el.p(link_button(text("watch"), to="/events")),
        class_name="bp-card bp-stack",
    )
