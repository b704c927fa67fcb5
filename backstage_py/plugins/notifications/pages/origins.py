"""The tab of the settings to mute origins of notifications."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.notifications.rows import OriginRow
from backstage_py.plugins.notifications.state.origins_state import OriginsState
from backstage_py.plugins.notifications.texts import text
from backstage_py.portal.components import info_card, skeleton_rows
from backstage_py.portal.plugin import PageCard


def origins(_cards: Sequence[PageCard]) -> Component:
    """A switch for each origin."""
    rows = rx.el.ul(rx.foreach(OriginsState.rows, _origin), class_name="bp-list bp-switches")
    return info_card(
        text("notifications"),
        rx.el.p(text("originsHint"), class_name="bp-hint"),
        rx.cond(OriginsState.is_broken, rx.el.p(text("broken"), role="alert")),
        rx.cond(
            OriginsState.is_loaded,
            rx.cond(OriginsState.rows, rows, rx.el.p(text("noOrigins"), class_name="bp-muted")),
            skeleton_rows(3),
        ),
    )


def _origin(row: ObjectVar[OriginRow]) -> Component:
    switch = rx.el.button(
        rx.el.strong(row.title),
        type="button",
        role="switch",
        class_name="bp-switch",
        aria_checked=row.is_on,
        on_click=OriginsState.toggle(row.origin),
    )
    return rx.el.li(switch)
