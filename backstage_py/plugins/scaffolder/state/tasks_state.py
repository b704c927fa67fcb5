"""The list of tasks."""

import asyncio
import logging
from typing import Any
from urllib.parse import parse_qs, urlencode

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.plugins.scaffolder.routes import LIST_TASKS
from backstage_py.plugins.scaffolder.rows import TaskRow, build_task_row
from backstage_py.plugins.scaffolder.service import get_scaffolder
from backstage_py.portal.address import replace_address
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

PAGE_ROWS = 20
NO_ANSWER = "The tasks cannot be read: the database does not answer."


class TaskListState(rx.State):
    """A page of the list, for the query that its address holds."""

    rows: rx.Field[list[TaskRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    offset: rx.Field[int] = rx.field(0)
    is_all: rx.Field[bool] = rx.field(False)
    message: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self) -> None:
        """Show what the address asks for."""
        values = parse_qs(self.router.url.query)
        offset = values.get("offset", ["0"])[-1]
        self.is_all = values.get("filters[user]", [""])[-1] == "all"
        await self._show(int(offset) if offset.isascii() and offset.isdigit() else 0)
        self.is_loaded = True

    @rx.event
    async def choose(self, user_list: str) -> Any:
        """Show the user's own tasks, or everybody's."""
        self.is_all = user_list == "all"
        return await self._go(0)

    @rx.event
    async def turn(self, pages: int) -> Any:
        """Go some pages on, or back if negative."""
        return await self._go(max(0, self.offset + pages * PAGE_ROWS))

    async def _go(self, offset: int) -> Any:
        await self._show(offset)
        pairs = [("filters[user]", "all")] if self.is_all else []
        pairs += [("offset", str(self.offset))] if self.offset else []
        return replace_address(LIST_TASKS.path, urlencode(pairs, safe="[]"))

    async def _show(self, offset: int) -> None:
        user = current_user(self)
        created_by = None if self.is_all else user
        try:
            page = await asyncio.to_thread(
                lambda: get_scaffolder().list_tasks(
                    created_by=created_by, offset=offset, limit=PAGE_ROWS
                )
            )
        except SQLAlchemyError as error:
            _logger.warning("Tasks cannot be read: %s", error)
            self.message = NO_ANSWER
            return
        self.message = ""
        self.rows = [build_task_row(one) for one in page.items]
        self.total, self.offset = page.total, offset
