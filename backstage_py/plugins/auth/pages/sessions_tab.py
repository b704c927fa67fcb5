"""The tab with the user's sessions, to sign out of each."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.auth.components.sign_in import SignInLink
from backstage_py.plugins.auth.providers.registry import TITLES
from backstage_py.plugins.auth.rows import SessionRow
from backstage_py.plugins.auth.service import get_sign_in
from backstage_py.plugins.auth.state.sessions_state import SessionsState
from backstage_py.plugins.auth.texts import text
from backstage_py.portal.components import (
    Column,
    data_table,
    empty_state,
    info_card,
    name_cell,
    skeleton_rows,
    warning,
)
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
    widths = ("", "18%", "22%", "18%", "16%")
    cells = (_browser, lambda row: row.address, _created, lambda row: row.seen, _expires)
    ranks: tuple[Literal[1, 2, 3, 4], ...] = (1, 2, 3, 2, 4)
    columns = [
        Column(text(name), cell, width, rank=rank)
        for name, cell, width, rank in zip(_COLUMNS, cells, widths, ranks, strict=True)
    ]
    return info_card(
        text("sessionsTitle"),
        rx.el.p(text("sessionsHint"), class_name="bp-hint"),
        rx.cond(SessionsState.is_broken, warning(text("databaseDown"))),
        data_table(
            columns,
            SessionsState.rows,
            label=text("sessionsTitle"),
            key=lambda row: row.id,
            actions=_end,
            actions_width="120px",
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
        class_name="bp-card bp-stack",
    )


def _browser(row: ObjectVar[SessionRow]) -> Component:
    here = rx.cond(row.is_current, rx.el.span(text("thisBrowser"), class_name="bp-chip"))
    return rx.el.span(row.browser, " ", here)


def _created(row: ObjectVar[SessionRow]) -> Component:
    return name_cell(row.created, row.provider)


def _expires(row: ObjectVar[SessionRow]) -> Component:
    return rx.el.span(row.expires)


def _end(row: ObjectVar[SessionRow]) -> Component:
    return rx.el.button(
        text("signOut"),
        type="button",
        class_name="bp-button bp-small",
        on_click=SessionsState.end(row.id),
    )
