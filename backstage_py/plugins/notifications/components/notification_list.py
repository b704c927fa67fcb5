"""The list of notifications, and the actions for selected ones."""

from typing import Any

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.notifications.rows import NotificationRow
from backstage_py.plugins.notifications.state.list_state import PAGE_SIZES, NotificationsState
from backstage_py.plugins.notifications.texts import text
from backstage_py.portal.components import chip, link

_SEVERITY_ICONS = (("critical", "octagon-alert"), ("high", "triangle-alert"), ("low", "minus"))


def notification_list() -> Component:
    """The rows, and the toolbar above them."""
    return rx.fragment(
        _tools(),
        rx.el.ul(
            rx.foreach(NotificationsState.rows, _row), class_name="bp-notifications-notes bp-card"
        ),
        _pager(),
    )


def _tools() -> Component:
    state = NotificationsState
    is_any = state.chosen > 0
    everything = rx.el.label(
        rx.el.input(
            type="checkbox",
            checked=state.chosen == state.rows.length(),
            on_change=lambda _: state.choose_all(),
        ),
        rx.el.span(rx.cond(is_any, text("chosen", count=state.chosen), text("chooseAll"))),
        class_name="bp-choice",
    )
    actions = rx.el.div(
        _action("mail-open", text("markRead"), state.mark_read(True)),
        _action("mail", text("markUnread"), state.mark_read(False)),
        _action("bookmark", text("save"), state.mark_saved(True)),
        class_name="bp-actions",
    )
    return rx.el.div(everything, rx.cond(is_any, actions), class_name="bp-notifications-tools")


def _action(icon: str, label: Any, on_click: Any) -> Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden=True),
        label,
        type="button",
        class_name="bp-button",
        on_click=on_click,
    )


def _row(row: ObjectVar[NotificationRow]) -> Component:
    title = rx.cond(
        row.link,
        link(row.title, to=row.link, class_name="bp-link bp-notifications-title"),
        rx.el.span(row.title, class_name="bp-notifications-title"),
    )
    facts = rx.el.p(
        rx.el.span(row.origin),
        rx.cond(row.topic, rx.el.span(row.topic)),
        rx.el.time(rx.cond(row.ago, row.ago, text("now")), date_time=row.moment),
        class_name="bp-notifications-facts",
    )
    said = rx.el.div(
        rx.el.div(title, _severity(row), class_name="bp-notifications-head"),
        rx.cond(row.description, rx.el.p(row.description, class_name="bp-notifications-text")),
        facts,
    )
    return rx.el.li(
        rx.el.input(
            type="checkbox",
            aria_label=text("choose", title=row.title),
            checked=row.is_chosen,
            on_change=lambda _: NotificationsState.choose(row.id),
        ),
        said,
        rx.el.div(_save(row), _read(row), class_name="bp-row-actions"),
        key=row.id,
        data_read=rx.cond(row.is_read, "true", "false"),
    )


def _severity(row: ObjectVar[NotificationRow]) -> Component:
    icon = rx.match(
        row.severity,
        *((name, rx.icon(icon, size=14, aria_hidden=True)) for name, icon in _SEVERITY_ICONS),
        rx.fragment(),
    )
    name = rx.match(
        row.severity,
        *((name, text(name)) for name, _ in _SEVERITY_ICONS),
        text("normal"),
    )
    shown = chip(
        rx.fragment(icon, name),
        class_name="bp-chip bp-notifications-severity",
        data_severity=row.severity,
    )
    return rx.cond(row.severity == "normal", rx.fragment(), shown)


def _save(row: ObjectVar[NotificationRow]) -> Component:
    return rx.el.button(
        rx.icon("bookmark", size=18, aria_hidden=True),
        type="button",
        class_name="bp-icon-button bp-notifications-save",
        aria_label=text("save"),
        aria_pressed=row.is_saved,
        title=rx.cond(row.is_saved, text("unsave"), text("save")),
        on_click=NotificationsState.toggle_saved(row.id),
    )


def _read(row: ObjectVar[NotificationRow]) -> Component:
    label = rx.cond(row.is_read, text("markUnread"), text("markRead"))
    icon = rx.cond(
        row.is_read,
        rx.icon("mail", size=18, aria_hidden=True),
        rx.icon("mail-open", size=18, aria_hidden=True),
    )
    return rx.el.button(
        icon,
        type="button",
        class_name="bp-icon-button",
        aria_label=label,
        title=label,
        on_click=NotificationsState.toggle_read(row.id),
    )


def _pager() -> Component:
    state = NotificationsState
    first = state.page * state.limit + 1
    last = first - 1 + state.rows.length()
    sizes = (rx.el.option(str(size), value=str(size)) for size in PAGE_SIZES)
    return rx.el.div(
        rx.el.label(
            text("perPage"),
            " ",
            rx.el.select(
                *sizes,
                name="limit",
                value=state.limit.to_string(),
                on_change=state.choose_limit,
            ),
        ),
        rx.el.span(text("range", first=first, last=last, total=state.total)),
        rx.el.div(
            _turn("previous", -1, disabled=state.page == 0),
            _turn("next", 1, disabled=last >= state.total),
            class_name="bp-actions",
        ),
        class_name="bp-pager",
        hidden=state.total <= PAGE_SIZES[0],
    )


def _turn(label: str, pages: int, *, disabled: rx.Var[bool]) -> Component:
    return rx.el.button(
        text(label),
        type="button",
        class_name="bp-button",
        disabled=disabled,
        on_click=NotificationsState.turn(pages),
    )
