"""The page of a task: its progress and its results."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import (
    SCAFFOLDER_TASK_CANCEL,
    SCAFFOLDER_TASK_CREATE,
    SCAFFOLDER_TASK_READ,
    access,
    use_analytics,
    utc_now,
)
from backstage_py.plugins.catalog.api import EntityRef, visible_catalog
from backstage_py.plugins.scaffolder.errors import ScaffolderError, TaskNotFoundError
from backstage_py.plugins.scaffolder.routes import SELECTED_TEMPLATE
from backstage_py.plugins.scaffolder.rows import TaskDetails, build_task
from backstage_py.plugins.scaffolder.service import get_scaffolder
from backstage_py.plugins.scaffolder.tasks.tables import TASK_CHANGED
from backstage_py.plugins.scaffolder.tasks.task import ENDED
from backstage_py.portal.database import when_database_answers
from backstage_py.portal.session import current_user
from backstage_py.ui.live import live_tabs

_logger = logging.getLogger(__name__)

NO_ANSWER = "The database is not responding. It is asked again."


@access(SCAFFOLDER_TASK_READ)
class TaskState(rx.State):
    """The task in the address."""

    task: rx.Field[TaskDetails] = rx.field(default_factory=TaskDetails)
    shown_id: rx.Field[str] = rx.field("")
    message: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    is_mine: rx.Field[bool] = rx.field(False)
    is_log_open: rx.Field[bool] = rx.field(False)
    is_asked_for_secrets: rx.Field[bool] = rx.field(False)
    round: rx.Field[int] = rx.field(0)
    looks: rx.Field[int] = rx.field(0)

    @rx.event
    async def load(self) -> None:
        """Show the task of the address."""
        self.message, self.is_missing = "", False
        self.is_log_open = self.is_asked_for_secrets = False
        self.task = TaskDetails()
        await self._look(str(self.router_data.get("query", {}).get("id", "")))

    @rx.event
    async def look(self) -> None:
        """Update the progress."""
        await self._look(self.shown_id)

    @rx.event
    def toggle_log(self) -> None:
        """Show the log, or hide it."""
        self.is_log_open = not self.is_log_open

    @rx.event
    @access(SCAFFOLDER_TASK_CANCEL)
    async def cancel(self) -> Any:
        """Ask the task to stop."""
        user, task_id = current_user(self) or None, self.shown_id
        return await self._act(
            lambda: get_scaffolder().cancel(task_id, user=user),
            "cancelled",
            "Template has been cancelled",
        )

    @rx.event
    @access(SCAFFOLDER_TASK_CREATE)
    async def retry(self) -> Any:
        """Resume it where it ended; secrets have to be given again."""
        if self.task.needed_secrets:
            self.is_asked_for_secrets = True
            return None
        return await self._retry({})

    @rx.event
    @access(SCAFFOLDER_TASK_CREATE)
    async def retry_with(self, form: dict[str, Any]) -> Any:
        """Resume it, with its secrets."""
        self.is_asked_for_secrets = False
        return await self._retry({name: str(value) for name, value in form.items()})

    @rx.event
    def ask_for_secrets(self, is_open: bool) -> None:  # ruff: ignore[boolean-type-hint-positional-argument]
        """Open or close the dialog for secrets."""
        self.is_asked_for_secrets = is_open

    @rx.event
    def start_over(self) -> Any:
        """Fill in the same template again, starting with the same values.

        They are not in the address, which is recorded and shared: the task is.
        """
        use_analytics().capture_event("click", "Task has been started over")
        ref = EntityRef.parse(self.task.template_ref)
        path = SELECTED_TEMPLATE.link(namespace=ref.namespace, name=ref.name)
        return rx.redirect(f"{path}?task={self.shown_id}")

    async def _retry(self, secrets: dict[str, str]) -> Any:
        user, task_id = current_user(self) or None, self.shown_id
        self.round += 1
        return await self._act(
            lambda: get_scaffolder().retry(task_id, user=user, secrets=secrets),
            "retried",
            "Template has been retried",
        )

    @when_database_answers
    async def _act(self, act: Callable[[], None], action: str, subject: str) -> Any:
        try:
            await asyncio.to_thread(act)
        except ScaffolderError as error:
            return rx.toast.error(str(error))
        use_analytics().capture_event(action, subject)
        await self._look(self.shown_id)
        return None

    async def _look(self, task_id: str) -> None:
        user = current_user(self) or None
        try:
            task = await asyncio.to_thread(get_scaffolder().get_task, task_id, user=user)
        except TaskNotFoundError:
            self.is_missing = True
        except SQLAlchemyError as error:
            _logger.warning("The task cannot be read: %s", error)
            self.message = NO_ANSWER
        else:
            self.looks += 1
            if task.status in ENDED:
                live_tabs.unwatch(self, TASK_CHANGED, TaskState.look)
            else:
                live_tabs.watch(self, TASK_CHANGED, TaskState.look, key=task_id)
            has_failed = task.status == "failed" and self.task.status != "failed"
            self.message, self.is_missing = "", False
            self.is_mine = task.created_by == user
            self.is_log_open = self.is_log_open or has_failed
            self.task = build_task(task, visible_catalog(self), now=utc_now())
        self.shown_id = task_id
