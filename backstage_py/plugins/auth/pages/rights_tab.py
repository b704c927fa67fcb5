"""The tab with the user's own roles and permissions."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.auth.rows import PermissionRow
from backstage_py.plugins.auth.state.rights_state import RightsState
from backstage_py.plugins.auth.texts import text
from backstage_py.portal.components import chip, empty_state, info_card, skeleton_rows
from backstage_py.portal.plugin import PageCard

_COLUMNS = ("permission", "allows", "scope")


def rights_tab(_cards: Sequence[PageCard]) -> Component:
    """The tab."""
    nothing = empty_state(text("noPermissions"), text("noPermissionsHint"), icon="lock")
    return rx.cond(
        RightsState.is_loaded,
        info_card(
            text("rightsTitle"),
            rx.el.p(text("rightsHint"), class_name="bp-hint"),
            _roles(),
            rx.cond(RightsState.permissions, _permissions(), nothing),
        ),
        skeleton_rows(6),
    )


def _roles() -> Component:
    listed = rx.el.ul(
        rx.foreach(RightsState.roles, lambda role: rx.el.li(chip(role))),
        aria_label=text("yourRoles"),
        class_name="bp-auth-roles",
    )
    nothing = rx.el.p(text("noRoles"), class_name="bp-muted")
    return rx.fragment(rx.el.h3(text("yourRoles")), rx.cond(RightsState.roles, listed, nothing))


def _permissions() -> Component:
    head = rx.el.tr(*(rx.el.th(text(name), scope="col") for name in _COLUMNS))
    return rx.el.div(
        rx.el.table(
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(RightsState.permissions, _permission)),
            class_name="bp-table",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label=text("rightsTitle"),
    )


def _permission(row: ObjectVar[PermissionRow]) -> Component:
    return rx.el.tr(
        rx.el.td(rx.el.code(row.name)),
        rx.el.td(row.about),
        rx.el.td(rx.cond(row.is_conditional, text("conditional"), text("everything"))),
        key=row.name,
    )
