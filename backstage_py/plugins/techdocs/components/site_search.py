"""The search box of a documentation, and its results."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.analytics import analytics_context, capture_on_mount, use_analytics
from backstage_py.plugins.search.api import MAX_TERM
from backstage_py.plugins.techdocs.rows import FoundRow
from backstage_py.plugins.techdocs.state.site_search_state import SiteSearchState
from backstage_py.portal.components import highlighted_text, link
from backstage_py.portal.routes import route_param


def site_search() -> Component:
    """Searches this documentation: an answered term is a `search`, an opened page a `discover`."""
    state = SiteSearchState
    place = [route_param(name) for name in ("namespace", "kind", "name")]
    captured = capture_on_mount("search", state.answered_term, value=state.total.to(float))
    return analytics_context(
        rx.cond(state.answer, rx.fragment(captured, key=state.answer)),
        rx.el.div(
            rx.icon("search", size=16, aria_hidden=True),
            rx.debounce_input(
                rx.el.input(
                    type="search",
                    name="docs-term",
                    aria_label="Search this documentation",
                    placeholder="Search these docs",
                    max_length=MAX_TERM,
                    value=state.term,
                    on_change=lambda term: state.search(term, *place),
                ),
                debounce_timeout=200,
            ),
            class_name="bp-techdocs-search-bar",
        ),
        rx.cond(
            state.term,
            rx.el.div(_answer(), role="status", class_name="bp-techdocs-search-answer"),
        ),
        attributes={"searchTypes": "techdocs"},
    )


def _answer() -> Component:
    state = SiteSearchState
    nothing = rx.el.p(
        "No page of this documentation has ",
        rx.el.strong(state.answered_term),
        class_name="bp-muted",
    )
    told = rx.cond(
        state.total,
        rx.el.ol(rx.foreach(state.rows, _found), class_name="bp-results"),
        rx.cond(state.answer, nothing),
    )
    return rx.cond(
        state.message,
        rx.el.p(state.message, role="alert", class_name="bp-warning"),
        told,
    )


def _found(row: ObjectVar[FoundRow]) -> Component:
    discovered = use_analytics().capture_event(
        "discover", row.title, value=row.rank, attributes={"to": row.path}
    )
    return rx.el.li(
        rx.el.div(
            link(
                highlighted_text(row.title_parts), to=row.path, no_track=True, on_click=discovered
            ),
            rx.cond(
                row.excerpt, rx.el.p(highlighted_text(row.excerpt), class_name="bp-muted bp-clamp")
            ),
        ),
        key=row.path,
    )
