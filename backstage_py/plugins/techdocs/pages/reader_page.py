"""The reader of one documentation, and its tab on the entity's page."""

from collections.abc import Sequence

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import analytics_context
from backstage_py.plugins.techdocs.components.docs_table import mentions
from backstage_py.plugins.techdocs.components.parts import TextSize
from backstage_py.plugins.techdocs.components.reader import reader
from backstage_py.plugins.techdocs.components.site_search import site_search
from backstage_py.plugins.techdocs.state.reader_state import (
    EntityTechdocsState,
    TechDocsReaderState,
)
from backstage_py.portal.components import (
    Crumb,
    chip,
    field,
    link,
    page,
    page_header,
    skeleton_labels,
    window_title,
)
from backstage_py.portal.plugin import PageCard, PageContent
from backstage_py.portal.routes import route_location, route_param

_NAMESPACE, _KIND, _NAME = (route_param(name) for name in ("namespace", "kind", "name"))
_PLACE = "/" + _NAMESPACE + "/" + _KIND + "/" + _NAME
_ENTITY_REF = (_KIND + ":" + _NAMESPACE + "/" + _NAME).lower()


def techdocs_reader_page(_contents: Sequence[PageContent]) -> Component:
    """One documentation; everything below it is captured with its `entityRef`."""
    base = rx.Var.create("/docs") + _PLACE
    tools = rx.el.div(site_search(), class_name="bp-techdocs-search")
    return analytics_context(
        window_title(_title()),
        page(_header(base), reader(TechDocsReaderState, base, tools=tools)),
        attributes={"entityRef": _ENTITY_REF},
    )


def entity_techdocs_content(_cards: Sequence[PageCard]) -> Component:
    """The documentation in a tab of its entity's page."""
    return reader(EntityTechdocsState, rx.Var.create("/catalog") + _PLACE + "/docs")


def has_docs_tab() -> rx.Var[bool]:
    """Whether the entity of the address has documentation."""
    return EntityTechdocsState.docs_path != ""  # ruff: ignore[compare-to-empty-string]


def _title() -> rx.Var[str]:
    state = TechDocsReaderState
    page_title = f"{state.page.title} | {state.site.name}"
    named = rx.cond(state.page.path, page_title, "Documentation not found")
    return rx.cond(state.shown == route_location(), named, "")


def _header(base: rx.Var[str]) -> Component:
    site = TechDocsReaderState.site
    is_shown = TechDocsReaderState.site_path == base
    labels = [
        rx.cond(is_shown, field("Entity", link(site.entity_title, to=site.entity_path))),
        rx.cond(is_shown & (site.owners.length() > 0), field("Owner", mentions(site.owners))),
        rx.cond(is_shown & (site.lifecycle != ""), field("Lifecycle", chip(site.lifecycle))),  # ruff: ignore[compare-to-empty-string]
        rx.cond(
            is_shown & (site.source_url != ""),  # ruff: ignore[compare-to-empty-string]
            field("Source", link("Repository", to=site.source_url)),
        ),
        rx.cond(is_shown, field("Text size", TextSize.create())),
        rx.cond(
            is_shown | (TechDocsReaderState.shown == route_location()),
            rx.fragment(),
            skeleton_labels(5),
        ),
    ]
    return page_header(
        rx.cond(is_shown, site.name, _NAME),
        kicker="Documentation",
        subtitle=rx.el.span(
            rx.cond(is_shown, site.description, ""), class_name="bp-techdocs-subtitle"
        ),
        crumbs=[Crumb("Docs", "/docs")],
        labels=labels,
    )
