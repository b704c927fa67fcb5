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
    Column,
    Crumb,
    data_table,
    empty_state,
    filtered_list,
    link,
    link_button,
    page,
    page_header,
    pager,
    warning,
)
from backstage_py.portal.plugin import PageContent


def task_list_page(_contents: Sequence[PageContent]) -> Component:
    """The tasks, the newest first."""
    return page(
        page_header(
            "Tasks", subtitle="What templates have made.", crumbs=[Crumb("Create", ROOT.path)]
        ),
        filtered_list(_filters(), _list(), is_loaded=TaskListState.is_loaded),
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
        warning(state.message),
        rx.fragment(
            rx.el.div(rx.el.div(count, role="status"), class_name="bp-list-head"),
            rx.cond(state.rows, rx.fragment(_table(), _pager()), nothing),
        ),
    )


def _table() -> Component:
    return data_table(
        (
            Column("Task", _task, "104px", rank=3),
            Column("Template", lambda row: link(row.template, to=row.path), rank=1),
            Column("Created", lambda row: row.created, "24%"),
            Column("Owner", lambda row: owner_chip(row.owner), "22%", rank=3),
            Column("Status", lambda row: status_word(row.status), "136px"),
        ),
        TaskListState.rows,
        label="Tasks",
        key=lambda row: row.id,
    )


def _task(row: ObjectVar[TaskRow]) -> Component:
    return link(rx.el.code(row.short_id), to=row.path, title=row.id)


def _pager() -> Component:
    state = TaskListState
    return pager(
        offset=state.offset,
        shown=state.rows.length(),
        total=state.total,
        smallest=PAGE_ROWS,
        turn=state.turn,
    )
