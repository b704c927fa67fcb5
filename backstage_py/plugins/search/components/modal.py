"""The search of the sidebar: a button, a shortcut, and the dialog that both open."""

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import use_analytics
from backstage_py.plugins.search.components.commands import (
    PalettePart,
    RecordPages,
    SearchModal,
    commands,
    recent_pages,
)
from backstage_py.plugins.search.components.result_list import result_list
from backstage_py.plugins.search.components.search_answer import search_context
from backstage_py.plugins.search.query import MAX_TERM
from backstage_py.plugins.search.state.modal_state import SHOWN, SearchModalState
from backstage_py.portal.components import link_button, skeleton_rows
from backstage_py.portal.routes import route_location


def sidebar_search() -> Component:
    """The sidebar's entry, which captures its clicks like all of them, and its dialog."""
    clicked = use_analytics().capture_event(
        "click", "Search", attributes={"to": route_location("pathname")}
    )
    entry = rx.el.button(
        rx.icon("search", size=20, aria_hidden=True),
        rx.el.span("Search", class_name="bp-nav-text"),
        rx.el.kbd("Ctrl K", aria_hidden=True, class_name="bp-nav-text bp-search-kbd"),
        type="button",
        class_name="bp-nav-item bp-search-nav-search",
        aria_haspopup="dialog",
        aria_keyshortcuts="Control+K /",
        on_click=clicked,
    )
    return SearchModal.create(
        entry,
        rx.dialog.content(
            rx.dialog.title("Search", class_name="bp-visually-hidden"),
            search_context(
                SearchModalState,
                _bar(),
                rx.el.div(
                    PalettePart.create(recent_pages(), typed=False),
                    commands(),
                    PalettePart.create(_answer(), typed=True),
                    class_name="bp-search-list",
                ),
                _foot(),
                place="modal",
            ),
            class_name="bp-dialog bp-search-dialog",
            aria_describedby=rx.Var("undefined"),
        ),
        letter="k",
        on_toggle=SearchModalState.toggle,
    )


def sidebar_palette() -> Component:
    """The entry with its dialog, and the component that remembers recent pages."""
    return rx.fragment(RecordPages.create(), sidebar_search())


def _bar() -> Component:
    return rx.el.form(
        rx.icon("search", size=20, aria_hidden=True),
        rx.debounce_input(
            rx.el.input(
                type="search",
                name="term",
                aria_label="Search",
                placeholder="Search, or go to a page",
                max_length=MAX_TERM,
                auto_focus=True,
                on_change=SearchModalState.search,
            ),
            debounce_timeout=200,
        ),
        rx.dialog.close(
            rx.el.button(
                rx.icon("x", size=18),
                type="button",
                aria_label="Close",
                class_name="bp-icon-button",
            )
        ),
        role="search",
        class_name="bp-query-bar",
        on_submit=SearchModalState.show_all,
    )


def _answer() -> Component:
    found = result_list(SearchModalState.rows, first=1)
    nothing = rx.el.p(
        "No results for ",
        rx.el.strong(SearchModalState.answered_term),
        class_name="bp-muted",
    )
    told = rx.cond(
        SearchModalState.message,
        rx.el.p(SearchModalState.message, role="alert", class_name="bp-warning"),
        rx.cond(SearchModalState.total, found, nothing),
    )
    return rx.el.div(
        rx.cond(SearchModalState.is_answered, told, skeleton_rows(3)),
        role="status",
    )


def _foot() -> Component:
    """Hints for the keyboard, and the link to all results."""
    results = rx.fragment(_count(), link_button("View full results", to=SearchModalState.address))
    keys = rx.el.span(
        rx.el.kbd("↑"),
        " ",
        rx.el.kbd("↓"),
        " to choose, ",
        rx.el.kbd("Enter"),
        " to open",
        class_name="bp-muted",
    )
    return rx.el.div(
        rx.cond(SearchModalState.total, results, keys), class_name="bp-actions bp-search-foot"
    )


def _count() -> Component:
    return rx.el.span(
        rx.cond(SearchModalState.total > SHOWN, f"The first {SHOWN} of ", ""),
        SearchModalState.total.to_string(),
        rx.cond(SearchModalState.total == 1, " result", " results"),
        class_name="bp-muted",
    )
