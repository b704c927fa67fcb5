"""Dashboards: pinned tiles, in the order that their owner wants, and whom they are shared with."""

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.insights.dashboards.dashboard import MAX_NAME
from backstage_py.insights.ui.components.backend_address import absolute_address
from backstage_py.insights.ui.components.forms import problem_text
from backstage_py.insights.ui.components.pinned_tile import pinned_card
from backstage_py.insights.ui.host import get_host
from backstage_py.insights.ui.pages.layout import insights_page
from backstage_py.insights.ui.pinned import PinnedTile
from backstage_py.insights.ui.state.dashboards_state import (
    VIEW,
    DashboardRow,
    DashboardsState,
    ShareRow,
)
from backstage_py.ui.components import empty_state, skeleton_rows

LINK_DAYS = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "1 year"}
_BOARD = DashboardsState.board


def dashboards_page() -> Component:
    """The dashboards that somebody has or was given, and one of them open."""
    none = empty_state(
        "No dashboards yet",
        "Choose Pin below any tile of Insights, or make an empty dashboard here.",
        icon="layout-dashboard",
    )
    content = rx.fragment(
        _list(),
        problem_text(DashboardsState.problem),
        rx.cond(_BOARD.id, _open_board(), none),
    )
    return insights_page(
        VIEW,
        rx.el.div(
            rx.cond(DashboardsState.is_loaded, content, skeleton_rows(8)),
            class_name="bp-insights-list",
            on_mount=DashboardsState.load,
        ),
        subtitle="Tiles that you pinned, and those that others share with you.",
        has_period=False,
    )


def _list() -> Component:
    form = rx.el.form(
        rx.el.label(
            "New dashboard",
            rx.el.input(
                name="name",
                placeholder="Name",
                max_length=MAX_NAME,
                required=True,
                auto_complete="off",
            ),
        ),
        rx.el.button(
            rx.icon("plus", size=16, aria_hidden=True),
            "Create",
            type="submit",
            class_name="bp-button",
        ),
        on_submit=DashboardsState.create,
        reset_on_submit=True,
        class_name="bp-filters",
    )
    return rx.el.div(
        rx.cond(
            _BOARD.rows,
            rx.el.ul(
                rx.foreach(_BOARD.rows, _row),
                class_name="bp-insights-boards",
                aria_label="Dashboards",
            ),
        ),
        form,
        class_name="bp-insights-board-bar",
    )


def _row(row: ObjectVar[DashboardRow]) -> Component:
    return rx.el.li(
        rx.el.button(
            row.name,
            rx.cond(row.owner, rx.el.small(row.owner)),
            type="button",
            class_name="bp-button",
            aria_pressed=row.id == _BOARD.id,
            on_click=DashboardsState.open(row.id),
        ),
        key=row.id,
    )


def _open_board() -> Component:
    edit = rx.el.button(
        rx.icon("settings-2", size=16, aria_hidden=True),
        rx.cond(DashboardsState.is_edited, "Done", "Edit and share"),
        type="button",
        class_name="bp-button",
        aria_expanded=DashboardsState.is_edited,
        on_click=DashboardsState.edit,
    )
    empty = empty_state(
        "This dashboard is empty", "Choose Pin below any tile of Insights.", icon="pin"
    )
    owner = rx.el.p("Shared by ", _BOARD.owner, class_name="bp-muted")
    return rx.fragment(
        rx.el.div(
            rx.el.div(rx.el.h2(_BOARD.name), rx.cond(_BOARD.owner, owner)),
            rx.cond(_BOARD.is_mine, edit),
            class_name="bp-insights-board-head",
        ),
        rx.cond(DashboardsState.is_edited, _editor()),
        rx.cond(
            _BOARD.tiles,
            rx.el.div(rx.foreach(_BOARD.tiles, _tile), class_name="bp-insights"),
            empty,
        ),
    )


def _tile(tile: ObjectVar[PinnedTile], index: rx.Var[int]) -> Component:
    tools = rx.el.div(
        _tool("arrow-left", "Move earlier", tile, DashboardsState.move(tile.id, -1), index == 0),
        _tool(
            "arrow-right",
            "Move later",
            tile,
            DashboardsState.move(tile.id, 1),
            index == _BOARD.tiles.length() - 1,
        ),
        rx.cond(
            tile.is_wide,
            _tool("minimize-2", "Half width", tile, DashboardsState.widen(tile.id, False)),
            _tool("maximize-2", "Full width", tile, DashboardsState.widen(tile.id, True)),
        ),
        *([_home_tool(tile)] if get_host().has_home else []),
        _tool("trash-2", "Remove", tile, DashboardsState.unpin(tile.id)),
        class_name="bp-insights-pin-tools",
    )
    return pinned_card(tile, rx.cond(DashboardsState.is_edited, tools))


def _home_tool(tile: ObjectVar[PinnedTile]) -> Component:
    return rx.cond(
        tile.is_on_home,
        _tool(
            "house", "Take off Home", tile, DashboardsState.show_on_home(tile.id, False), is_on=True
        ),
        _tool("house", "Show on Home", tile, DashboardsState.show_on_home(tile.id, True)),
    )


def _tool(
    icon: str,
    text: str,
    tile: ObjectVar[PinnedTile],
    on_click: rx.event.EventType[()],
    is_last: rx.Var[bool] | None = None,
    *,
    is_on: bool = False,
) -> Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden=True),
        type="button",
        title=text,
        aria_label=rx.Var.create(f"{text}: ") + tile.title.to(str),
        class_name="bp-icon-button",
        data_on=is_on,
        disabled=False if is_last is None else is_last,
        on_click=on_click,
    )


def _editor() -> Component:
    rename = rx.el.form(
        rx.el.label(
            "Name",
            rx.el.input(
                name="name",
                default_value=_BOARD.name,
                key=_BOARD.name,
                max_length=MAX_NAME,
                required=True,
                auto_complete="off",
            ),
        ),
        rx.el.button("Rename", type="submit", class_name="bp-button"),
        on_submit=DashboardsState.rename,
        class_name="bp-filters",
    )
    share = rx.el.form(
        rx.el.label(
            "Share with a person or group",
            rx.el.input(
                name="ref",
                list="dashboard-people",
                placeholder="group:default/platform-team",
                required=True,
                auto_complete="off",
                class_name="bp-insights-path-input",
            ),
        ),
        rx.el.datalist(
            rx.foreach(_BOARD.people, lambda one: rx.el.option(value=one)), id="dashboard-people"
        ),
        rx.el.button("Share", type="submit", class_name="bp-button"),
        on_submit=DashboardsState.share,
        reset_on_submit=True,
        class_name="bp-filters",
    )
    link = rx.el.form(
        rx.el.label(
            "Read-only link for",
            rx.el.select(
                *(rx.el.option(text, value=days) for days, text in LINK_DAYS.items()), name="days"
            ),
        ),
        rx.el.button("Make a link", type="submit", class_name="bp-button"),
        on_submit=DashboardsState.make_link,
        class_name="bp-filters",
    )
    delete = rx.el.details(
        rx.el.summary("Delete this dashboard"),
        rx.el.div(
            rx.el.p("Its tiles and links are gone for everyone."),
            rx.el.button(
                "Delete", type="button", class_name="bp-button", on_click=DashboardsState.remove
            ),
            class_name="bp-actions",
        ),
        class_name="bp-insights-delete",
    )
    return rx.el.div(
        rename,
        rx.el.div(
            share,
            rx.cond(_BOARD.can_link, link),
            rx.cond(DashboardsState.link, _new_link()),
            rx.cond(
                _BOARD.shares,
                rx.el.ul(
                    rx.foreach(_BOARD.shares, _share),
                    class_name="bp-insights-shares",
                    aria_label="Shared with",
                ),
            ),
            rx.el.p(
                "People need the permission to see Insights. A link needs none: it shows no "
                "people and no small groups, and ends when you lose that permission.",
                class_name="bp-muted",
            ),
            class_name="bp-insights-builder",
        ),
        delete,
        class_name="bp-card bp-insights-editor",
    )


def _new_link() -> Component:
    address = absolute_address(DashboardsState.link)
    return rx.el.div(
        rx.el.label(
            "The link, shown only now",
            rx.el.input(value=address, read_only=True, class_name="bp-insights-link"),
        ),
        rx.el.button(
            rx.icon("copy", size=16, aria_hidden=True),
            "Copy",
            type="button",
            class_name="bp-button",
            on_click=rx.set_clipboard(address),
        ),
        class_name="bp-filters",
        role="status",
    )


def _share(share: ObjectVar[ShareRow]) -> Component:
    return rx.el.li(
        rx.el.span(share.text),
        rx.el.button(
            rx.icon("x", size=14, aria_hidden=True),
            type="button",
            aria_label=f"Remove {share.text}",
            class_name="bp-insights-chip-remove",
            on_click=DashboardsState.unshare(share.id),
        ),
        class_name="bp-insights-chosen",
        key=share.id,
    )
