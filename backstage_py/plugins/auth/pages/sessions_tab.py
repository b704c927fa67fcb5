"""Where one is signed in, and signing out there."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.auth.components.sign_in import SignInLink
from backstage_py.plugins.auth.providers.registry import TITLES
from backstage_py.plugins.auth.rows import SessionRow
from backstage_py.plugins.auth.service import get_sign_in
from backstage_py.plugins.auth.state.sessions_state import SessionsState
from backstage_py.plugins.auth.texts import text
from backstage_py.portal.components import empty_state, info_card, skeleton_rows
from backstage_py.portal.plugin import PageCard

_COLUMNS = ("browser", "address", "signedInBy", "lastUsed", "expires")


def sessions_tab(_cards: Sequence[PageCard]) -> Component:
    """The tab."""
    providers = get_sign_in().providers
    ways = [
        SignInLink.create(
            text("signInWith", provider=TITLES[id_]), provider=id_, class_name="bp-button"
        )
        for id_ in (*providers.redirects, *providers.proxies)
    ]
    nothing = empty_state(text("sessions"), text("noSessions"), *ways, icon="log-in")
    return rx.cond(
        SessionsState.is_loaded,
        rx.cond(SessionsState.rows, _sessions(), nothing),
        skeleton_rows(3),
    )


def _sessions() -> Component:
    head = rx.el.tr(
        *(rx.el.th(text(name), scope="col") for name in _COLUMNS),
        rx.el.th(rx.el.span(text("signOut"), class_name="bp-hidden"), scope="col"),
    )
    table = rx.el.table(
        rx.el.thead(head),
        rx.el.tbody(rx.foreach(SessionsState.rows, _session)),
        class_name="bp-table",
    )
    return info_card(
        text("sessionsTitle"),
        rx.el.p(text("sessionsHint"), class_name="bp-hint"),
        rx.cond(SessionsState.is_broken, rx.el.p(text("databaseDown"), role="alert")),
        rx.el.div(
            table,
            class_name="bp-table-box",
            tab_index=0,
            role="region",
            aria_label=text("sessionsTitle"),
        ),
        rx.el.div(
            rx.el.button(
                text("signOutEverywhere"),
                type="button",
                class_name="bp-button",
                on_click=SessionsState.end_all,
            ),
            class_name="bp-actions",
        ),
        class_name="bp-card bp-auth-sessions",
    )


def _session(row: ObjectVar[SessionRow]) -> Component:
    here = rx.cond(row.is_current, rx.el.span(text("thisBrowser"), class_name="bp-chip"))
    button = rx.el.button(
        text("signOut"),
        type="button",
        class_name="bp-button",
        on_click=SessionsState.end(row.id),
    )
    return rx.el.tr(
        rx.el.td(row.browser, " ", here),
        rx.el.td(row.address),
        rx.el.td(row.created, rx.el.div(row.provider, class_name="bp-muted")),
        rx.el.td(row.seen),
        rx.el.td(row.expires),
        rx.el.td(button),
        key=row.id,
    )
