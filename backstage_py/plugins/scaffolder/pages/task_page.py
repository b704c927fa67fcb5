"""The page of a task."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_base.components.component import Component

from backstage_py.analytics import SCAFFOLDER_TASK_CANCEL, SCAFFOLDER_TASK_CREATE, analytics_context
from backstage_py.plugins.scaffolder.components.owner_chips import owner_chip
from backstage_py.plugins.scaffolder.components.run_parts import (
    output_links,
    output_texts,
    status_word,
    step_list,
)
from backstage_py.plugins.scaffolder.components.task_log import TaskLog
from backstage_py.plugins.scaffolder.routes import LIST_TASKS, ROOT
from backstage_py.plugins.scaffolder.state.task_state import TaskState
from backstage_py.portal.components import (
    Crumb,
    field,
    link_button,
    page,
    page_header,
    skeleton_rows,
    window_title,
)
from backstage_py.portal.error_pages import not_found
from backstage_py.portal.plugin import PageContent
from backstage_py.portal.routes import route_param
from backstage_py.portal.session import may

_ID = route_param("id")


def task_page(_contents: Sequence[PageContent]) -> Component:
    """A run of a template; everything in it is captured with `entityRef` and `taskId`."""
    state = TaskState
    is_shown = state.shown_id == _ID
    return analytics_context(
        rx.cond(
            is_shown & state.is_missing,
            not_found(
                "Task not found",
                rx.fragment("There is no task ", rx.el.code(_ID), "."),
                link_button("See all tasks", to=LIST_TASKS.path),
            ),
            page(
                rx.fragment(window_title(_title(is_shown)), _header(is_shown)),
                rx.cond(is_shown & (state.task.id != ""), _content(), skeleton_rows(8)),  # ruff: ignore[compare-to-empty-string]
            ),
        ),
        attributes={"entityRef": _template_ref(is_shown), "taskId": _ID},
    )


def _template_ref(is_shown: rx.Var[bool]) -> rx.Var[Any]:
    """The task's template as soon as it is known; before that the key is absent."""
    ref = TaskState.task.template_ref
    return rx.Var.create(rx.cond(is_shown & ref.bool(), ref, None))


def _title(is_shown: rx.Var[bool]) -> rx.Var[str]:
    task = TaskState.task
    is_known = is_shown & (task.id != "")  # ruff: ignore[compare-to-empty-string]
    return rx.cond(is_known, f"Run of {task.template_title}", "Run of a template")


def _header(is_shown: rx.Var[bool]) -> Component:
    task = TaskState.task
    return page_header(
        _title(is_shown),
        subtitle=rx.fragment("Task ", rx.el.code(_ID)),
        crumbs=[Crumb("Create", ROOT.path), Crumb("Tasks", LIST_TASKS.path)],
        labels=[
            rx.cond(
                is_shown & (task.id != ""),  # ruff: ignore[compare-to-empty-string]
                rx.fragment(field("Started by", owner_chip(task.owner)), field("At", task.created)),
            )
        ],
    )


def _content() -> Component:
    state, task = TaskState, TaskState.task
    return rx.fragment(
        rx.cond(
            state.message, rx.el.p(state.message, role="alert", class_name="bp-card bp-warning")
        ),
        rx.cond(
            task.error,
            rx.el.div(
                rx.icon("circle-x", size=18, aria_hidden=True),
                rx.el.div(rx.el.h2("It did not work"), rx.el.p(task.error)),
                role="alert",
                class_name="bp-card bp-scaffolder-run-error",
            ),
        ),
        rx.el.section(
            rx.el.div(
                rx.el.h2("Steps", class_name="bp-scaffolder-run-title"),
                rx.el.div(status_word(task.status), role="status"),
                rx.el.div(*_buttons(), class_name="bp-actions bp-scaffolder-run-buttons"),
                class_name="bp-scaffolder-run-head",
            ),
            rx.el.progress(
                value=task.done,
                max=100,
                aria_label="Progress",
                class_name="bp-scaffolder-run-progress",
                data_status=task.status,
            ),
            step_list(task.steps),
            output_links(task.links),
            class_name="bp-card bp-scaffolder-run",
        ),
        output_texts(task.texts),
        rx.cond(
            state.is_log_open,
            rx.el.section(
                rx.el.h2("Log"),
                TaskLog.create(task_id=task.id, round=state.round, looks=state.looks),
                class_name="bp-card",
            ),
        ),
        _secrets_dialog(),
    )


def _buttons() -> list[Component]:
    state, task = TaskState, TaskState.task
    is_retryable = task.has_ended & state.is_mine & (task.status != "completed")
    return [
        rx.cond(
            ~task.has_ended & state.is_mine & may(SCAFFOLDER_TASK_CANCEL),
            _button(
                rx.cond(task.is_cancelling, "Cancelling…", "Cancel"),
                state.cancel,
                disabled=task.is_cancelling,
            ),
        ),
        rx.cond(
            is_retryable & ~task.retry_problem.bool() & may(SCAFFOLDER_TASK_CREATE),
            _button("Retry", state.retry),
        ),
        _button(
            rx.cond(state.is_log_open, "Hide logs", "Show logs"),
            state.toggle_log,
            aria_expanded=state.is_log_open,
        ),
        rx.cond(
            task.has_ended & may(SCAFFOLDER_TASK_CREATE), _button("Start over", state.start_over)
        ),
    ]


def _button(text: Any, on_click: Any, **props: Any) -> Component:
    return rx.el.button(text, type="button", class_name="bp-button", on_click=on_click, **props)


def _secrets_dialog() -> Component:
    """The dialog for secrets, which a retry needs again since they are deleted at the end."""
    state = TaskState
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title("Retry with secrets"),
            rx.dialog.description("They were forgotten when the task ended. Give them again."),
            rx.el.form(
                rx.foreach(state.task.needed_secrets, _secret),
                rx.el.div(
                    rx.dialog.close(rx.el.button("Back", type="button", class_name="bp-button")),
                    rx.el.button("Retry", type="submit", class_name="bp-button bp-primary"),
                    class_name="bp-actions bp-dialog-actions",
                ),
                on_submit=state.retry_with,
                class_name="bp-scaffolder-form bp-scaffolder-secrets",
            ),
            class_name="bp-dialog",
        ),
        open=state.is_asked_for_secrets,
        on_open_change=state.ask_for_secrets,
    )


def _secret(name: rx.Var[str]) -> Component:
    return rx.el.label(
        name,
        rx.el.input(
            type="password",
            name=name,
            required=True,
            auto_complete="new-password",
            class_name="form-control",
        ),
        class_name="bp-scaffolder-form-label",
    )
