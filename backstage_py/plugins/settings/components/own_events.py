"""The person's own events, a page at a time."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.settings.routes import EXPORT_PATH
from backstage_py.plugins.settings.rows import OwnEventRow
from backstage_py.plugins.settings.state.privacy_state import PrivacyState
from backstage_py.plugins.settings.texts import text
from backstage_py.portal.auth_components import PostForm
from backstage_py.portal.components import (
    chip,
    empty_state,
    entries_table,
    field,
    info_card,
    skeleton_rows,
)


def own_events() -> Component:
    """The recorded events of the person."""
    nothing = empty_state(text("noEvents"), text("noEventsHint"), icon="inbox")
    rows = rx.fragment(
        rx.el.div(
            rx.foreach(PrivacyState.rows, _event), class_name="bp-event-rows bp-settings-own-events"
        ),
        _pager(),
    )
    broken = rx.el.p(text("broken"), role="alert", class_name="bp-card bp-warning")
    return info_card(
        text("myEvents"),
        rx.el.p(
            rx.cond(PrivacyState.has_account, text("myEventsHint"), text("myVisitHint")),
            class_name="bp-hint",
        ),
        rx.el.div(_look_again(), _export(), class_name="bp-actions"),
        rx.cond(
            PrivacyState.is_loaded,
            rx.cond(PrivacyState.is_broken, broken, rx.cond(PrivacyState.rows, rows, nothing)),
            skeleton_rows(6),
        ),
        class_name="bp-card bp-stack",
    )


def _look_again() -> Component:
    return rx.el.button(
        rx.icon("refresh-cw", size=16, aria_hidden=True),
        text("lookAgain"),
        type="button",
        class_name="bp-button",
        on_click=PrivacyState.look,
    )


def _export() -> Component:
    """The export is a form, so that the id of a guest's visit does not appear in an address."""
    return PostForm.create(
        rx.el.input(type="hidden", name="session", value=PrivacyState.session_id),
        rx.el.button(
            rx.icon("download", size=16, aria_hidden=True),
            text("export"),
            type="submit",
            class_name="bp-button",
        ),
        action=EXPORT_PATH,
    )


def _event(event: ObjectVar[OwnEventRow]) -> Component:
    summary = rx.el.summary(
        rx.el.time(event.time, date_time=event.moment),
        chip(event.action, class_name="bp-chip bp-action"),
        rx.el.span(event.subject, class_name="bp-subject", title=event.subject),
        rx.el.span(event.place, class_name="bp-where"),
    )
    facts = rx.el.dl(
        field(text("time"), event.moment),
        field(text("id"), event.id),
        field(text("origin"), event.origin),
        rx.cond(event.value, field(text("value"), event.value)),
        class_name="bp-fields",
    )
    details = rx.el.div(
        facts,
        entries_table(text("attributes"), event.attributes),
        entries_table(text("context"), event.context),
    )
    return rx.el.details(summary, details, key=event.id)


def _pager() -> Component:
    return rx.el.div(
        rx.el.span(text("page", page=PrivacyState.page + 1), role="status"),
        rx.el.div(
            _turn(text("newer"), PrivacyState.newer, disabled=PrivacyState.page == 0),
            _turn(text("older"), PrivacyState.older, disabled=~PrivacyState.has_older),
            class_name="bp-actions",
        ),
        class_name="bp-pager",
    )


def _turn(
    label: rx.Var[str], on_click: rx.event.EventType[()], *, disabled: rx.Var[bool]
) -> Component:
    return rx.el.button(
        label, type="button", class_name="bp-button", disabled=disabled, on_click=on_click
    )
