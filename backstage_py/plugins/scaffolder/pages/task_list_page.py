"""The list of tasks."""

from collections.abc import Sequence

import reflex as rx
from reflex.vars import ObjectVar
from reflex_base.components.component import Component

from backstage_py.plugins.scaffolder.components.owner_chips import owner_chip
from backstage_py.plugins.scaffolder.components.run_parts import status_word
from backstage_py.plugins.scaffolder.routes import ROOT
from backstage_py.plugins.scaffolder.rows import TaskRow
from backstage_py.plugins.scaffolder.state.tasks_state import PAGE_ROWS, TaskListState
from backstage_py.portal.components import (
    Crumb,
    empty_state,
    filtered_list,
    link,
    link_button,
    page,
    page_header,
    pager,
    skeleton_rows,
)
from backstage_py.portal.plugin import PageContent

_HEAD = ("Task", "Template", "Created", "Owner", "Status")


def task_list_page(_contents: Sequence[PageContent]) -> Component:
    """What has been run, the newest first."""
    return page(
        page_header(
            "Tasks", subtitle="What templates have made.", crumbs=[Crumb("Create", ROOT.path)]
        ),
        rx.cond(TaskListState.is_loaded, filtered_list(_filters(), _list()), skeleton_rows(10)),
    )


def _filters() -> Component:
    state = TaskListState
    return rx.el.div(
        rx.el.fieldset(
            rx.el.legend("Tasks of"),
            _user_list("owned", "Owned", "user-round-check", is_chosen=~state.is_all),
            _user_list("all", "All", "library", is_chosen=state.is_all),
            class_name="bp-user-lists",
        ),
        class_name="bp-filter-stack",
    )


def _user_list(name: str, title: str, icon: str, *, is_chosen: rx.Var[bool]) -> Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden=True),
        rx.el.span(title),
        type="button",
        class_name="bp-user-list",
        aria_pressed=is_chosen,
        on_click=TaskListState.choose(name),
    )


def _list() -> Component:
    state = TaskListState
    count = rx.el.h2(
        rx.cond(state.is_all, "All tasks ", "Your tasks "),
        rx.el.span("(", state.total, ")", class_name="bp-muted"),
    )
    nothing = empty_state(
        "No tasks yet",
        "Whenever a template is run, its task is kept here.",
        link_button("Choose a template", to=ROOT.path),
        icon="list-checks",
    )
    return rx.cond(
        state.message,
        rx.el.p(state.message, role="alert", class_name="bp-card bp-warning"),
        rx.fragment(
            rx.el.div(rx.el.div(count, role="status"), class_name="bp-list-head"),
            rx.cond(state.rows, rx.fragment(_table(), _pager()), nothing),
        ),
    )


def _table() -> Component:
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*(rx.el.th(title, scope="col") for title in _HEAD))),
            rx.el.tbody(rx.foreach(TaskListState.rows, _row)),
            class_name="bp-table bp-scaffolder-tasks",
        ),
        class_name="bp-table-box",
        tab_index=0,
        role="region",
        aria_label="Tasks",
    )


def _row(row: ObjectVar[TaskRow]) -> Component:
    return rx.el.tr(
        rx.el.td(link(rx.el.code(row.short_id), to=row.path, title=row.id)),
        rx.el.td(row.template),
        rx.el.td(row.created, class_name="bp-scaffolder-when"),
        rx.el.td(owner_chip(row.owner)),
        rx.el.td(status_word(row.status)),
        key=row.id,
    )


def _pager() -> Component:
    state = TaskListState
    return pager(
        offset=state.offset,
        shown=state.rows.length(),
        total=state.total,
        smallest=PAGE_ROWS,
        turn=state.turn,
    )
