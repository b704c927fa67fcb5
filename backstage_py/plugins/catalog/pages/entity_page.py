"""The page of an entity, and the tabs that plugins place below it."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import analytics_context, routed_content
from backstage_py.plugins.catalog.components.entity_chips import entity_chips
from backstage_py.plugins.catalog.components.entity_menu import entity_menu
from backstage_py.plugins.catalog.components.star_button import star_button
from backstage_py.plugins.catalog.rows import EntityChip
from backstage_py.plugins.catalog.state.entity_state import EntityState
from backstage_py.portal.components import (
    Crumb,
    chip,
    field,
    link,
    link_button,
    page,
    page_header,
    skeleton_cards,
    skeleton_labels,
    tab_bar,
    window_title,
)
from backstage_py.portal.error_pages import not_found
from backstage_py.portal.plugin import PageContent
from backstage_py.portal.routes import route_param

_NAMESPACE, _KIND, _NAME = (route_param(name) for name in ("namespace", "kind", "name"))
_ADDRESSED = _NAMESPACE + "/" + _KIND + "/" + _NAME
_ROOM = "bp-catalog-actions-room"
_ENTITY_REF = (_KIND + ":" + _NAMESPACE + "/" + _NAME).lower()


def catalog_entity_page(contents: Sequence[PageContent]) -> Component:
    """One entity; everything below it is captured with its `entityRef`."""
    is_shown = EntityState.shown_path == _ADDRESSED
    return analytics_context(
        rx.cond(
            is_shown & EntityState.is_missing,
            _missing(),
            rx.fragment(
                window_title(rx.cond(is_shown, EntityState.details.row.title, _NAME)),
                page(_header(is_shown), _tabs(contents), *_contents(contents, is_shown)),
            ),
        ),
        attributes={"entityRef": _ENTITY_REF},
    )


def _missing() -> Component:
    return not_found(
        "Entity not found",
        rx.fragment("The catalog has no entity ", rx.el.code(_ENTITY_REF), "."),
        link_button("Search for it", to="/search?query=" + _NAME),
        link_button("Browse the catalog", to="/catalog"),
    )


def _header(is_shown: rx.Var[bool]) -> Component:
    row = EntityState.details.row
    kind = rx.cond(is_shown, row.kind + rx.cond(row.type, " · " + row.type, ""), _KIND)
    namespace = rx.cond(
        is_shown & (row.namespace != "default"),
        rx.el.span(" in ", row.namespace, class_name="bp-muted"),
    )
    star = star_button(row.title, is_starred=row.is_starred, on_click=EntityState.star)
    labels = [
        rx.cond(is_shown & (row.owners.length() > 0), field("Owner", entity_chips(row.owners))),
        rx.cond(is_shown & (row.lifecycle != ""), field("Lifecycle", chip(row.lifecycle))),  # ruff: ignore[compare-to-empty-string]
        rx.cond(~is_shown & _may_have_owner(), skeleton_labels(2)),
    ]
    return page_header(
        rx.fragment(rx.cond(is_shown, row.title, _NAME), namespace),
        kicker=kind,
        crumbs=[Crumb("Catalog", "/catalog")],
        trail=rx.cond(is_shown, rx.foreach(EntityState.details.trail, _step)),
        labels=labels,
        actions=[rx.cond(is_shown, rx.fragment(star, entity_menu()), rx.el.div(class_name=_ROOM))],
    )


def _may_have_owner() -> rx.Var[bool]:
    """Whether an entity of the address's kind usually has one, before anything is known of it."""
    return ~rx.Var.create(["group", "user", "location"]).contains(_KIND.lower())


def _step(step: ObjectVar[EntityChip]) -> Component:
    return rx.el.li(link(step.title, to=step.path))


def _tabs(contents: Sequence[PageContent]) -> Component:
    base = "/catalog/" + _NAMESPACE + "/" + _KIND + "/" + _NAME
    return tab_bar(base, contents)


def _contents(contents: Sequence[PageContent], is_shown: rx.Var[bool]) -> list[Component]:
    return [
        routed_content(content.path, rx.cond(is_shown, content.component, skeleton_cards()))
        for content in contents
    ]
