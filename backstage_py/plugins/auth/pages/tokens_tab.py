"""The tab to create and revoke personal access tokens."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.auth.rows import ApiTokenRow, PermissionRow
from backstage_py.plugins.auth.state.tokens_state import PERMISSION_FIELD, TokensState
from backstage_py.plugins.auth.texts import text
from backstage_py.portal.components import empty_state, info_card, skeleton_rows
from backstage_py.portal.plugin import PageCard

_DAYS = (30, 90, 365)
_COLUMNS = ("tokenName", "permissions", "lastUsed", "expires")


def tokens_tab(_cards: Sequence[PageCard]) -> Component:
    """The tab."""
    nothing = empty_state(text("tokens"), text("sharedNoTokens"), icon="key-round")
    own = rx.el.div(_form(), _tokens(), class_name="bp-auth-stack")
    return rx.cond(
        TokensState.is_loaded, rx.cond(TokensState.is_shared, nothing, own), skeleton_rows(3)
    )


def _form() -> Component:
    days = rx.el.select(
        *(rx.el.option(text("days", count=count), value=str(count)) for count in _DAYS),
        rx.el.option(text("never"), value=""),
        name="days",
        default_value=str(_DAYS[0]),
    )
    name = rx.el.input(name="name", required=True, max_length=80, auto_complete="off")
    form = rx.el.form(
        _labelled("tokenName", name),
        _labelled("expiresAfter", days),
        _permissions(),
        rx.el.button(text("create"), type="submit", class_name="bp-button bp-primary"),
        on_submit=TokensState.create,
        reset_on_submit=False,
        class_name="bp-auth-token-form",
    )
    return info_card(
        text("tokensTitle"),
        rx.el.p(text("tokensHint"), class_name="bp-hint"),
        form,
        rx.cond(TokensState.problem, rx.el.p(TokensState.problem, role="alert")),
        rx.cond(TokensState.is_broken, rx.el.p(text("databaseDown"), role="alert")),
        rx.cond(TokensState.created, _created()),
    )


def _permissions() -> Component:
    chosen = rx.foreach(TokensState.grantable, _permission)
    return rx.el.fieldset(
        rx.el.legend(text("permissions")),
        rx.el.div(chosen, class_name="bp-auth-permissions"),
        class_name="bp-auth-permission-choice",
    )


def _permission(row: ObjectVar[PermissionRow]) -> Component:
    return rx.el.label(
        rx.el.input(type="checkbox", name=f"{PERMISSION_FIELD}{row.name}"),
        rx.el.span(rx.el.code(row.name), rx.el.span(row.about, class_name="bp-hint")),
        key=row.name,
    )


def _labelled(key: str, control: Component) -> Component:
    return rx.el.label(rx.el.span(text(key)), control)


def _created() -> Component:
    copy = rx.el.button(
        text("copy"),
        type="button",
        class_name="bp-button",
        on_click=rx.set_clipboard(TokensState.created),
    )
    return rx.el.div(
        rx.el.p(text("created")),
        rx.el.code(TokensState.created),
        copy,
        role="status",
        class_name="bp-auth-token-created",
    )


def _tokens() -> Component:
    head = rx.el.tr(
        *(rx.el.th(text(name), scope="col") for name in _COLUMNS),
        rx.el.th(rx.el.span(text("revoke"), class_name="bp-hidden"), scope="col"),
    )
    table = rx.el.div(
        rx.el.table(
            rx.el.thead(head),
            rx.el.tbody(rx.foreach(TokensState.rows, _token)),
            class_name="bp-table",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label=text("tokens"),
    )
    nothing = empty_state(text("noTokens"), text("noTokensHint"), icon="key-round")
    return rx.cond(TokensState.rows, table, nothing)


def _token(row: ObjectVar[ApiTokenRow]) -> Component:
    revoke = rx.el.button(
        text("revoke"),
        type="button",
        class_name="bp-button",
        aria_label=text("revokeNamed", name=row.name),
        on_click=TokensState.revoke(row.id),
    )
    scopes = rx.foreach(
        row.scopes, lambda scope: rx.el.code(scope, class_name="bp-auth-token-scope")
    )
    never = rx.el.span(text("never"), class_name="bp-muted")
    unused = rx.el.span(text("unused"), class_name="bp-muted")
    return rx.el.tr(
        rx.el.td(rx.el.strong(row.name)),
        rx.el.td(scopes),
        rx.el.td(rx.cond(row.used, row.used, unused)),
        rx.el.td(
            rx.cond(row.expires, row.expires, never),
            rx.cond(row.is_expired, rx.el.span(text("isExpired"), class_name="bp-chip")),
        ),
        rx.el.td(revoke),
        key=row.id,
    )
