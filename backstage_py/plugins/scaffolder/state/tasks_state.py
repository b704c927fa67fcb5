"""The list of tasks."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any, Literal

import reflex as rx

from backstage_py.analytics import SCAFFOLDER_TASK_READ, access
from backstage_py.plugins.catalog.api import visible_catalog
from backstage_py.plugins.scaffolder.routes import LIST_TASKS
from backstage_py.plugins.scaffolder.rows import TaskRow, build_task_row
from backstage_py.plugins.scaffolder.service import get_scaffolder
from backstage_py.portal.address_query import AddressQuery, one_of, parameter, whole
from backstage_py.portal.database import NO_ANSWER, answer_of
from backstage_py.portal.session import current_user
from backstage_py.ui.address import replace_address

PAGE_ROWS = 20


@dataclass(frozen=True, slots=True)
class TaskListQuery(AddressQuery):
    """The query of the list: whose tasks, and the offset."""

    user_list: Literal["owned", "all"] = parameter(
        "filters[user]", "owned", read=one_of("owned", "all")
    )
    offset: int = parameter("offset", 0, read=whole)


@access(SCAFFOLDER_TASK_READ)
class TaskListState(rx.State):
    """A page of the list, for the query in its address."""

    rows: rx.Field[list[TaskRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    offset: rx.Field[int] = rx.field(0)
    is_all: rx.Field[bool] = rx.field(False)
    message: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    _query: TaskListQuery = TaskListQuery()

    @rx.event
    async def load(self) -> None:
        """Show the list for the address's query."""
        await self._show(TaskListQuery.from_address(self.router.url.query))
        self.is_loaded = True

    @rx.event
    async def choose(self, user_list: str) -> Any:
        """Show the user's own tasks, or everybody's."""
        return await self._go(self._query.taking("user_list", user_list).first_page())

    @rx.event
    async def turn(self, pages: int) -> Any:
        """Go forward by some pages, or back if negative."""
        offset = max(0, self._query.offset + pages * PAGE_ROWS)
        return await self._go(replace(self._query, offset=offset))

    async def _go(self, query: TaskListQuery) -> Any:
        await self._show(query)
        return replace_address(LIST_TASKS.path, query.to_address())

    async def _show(self, query: TaskListQuery) -> None:
        self._query, self.is_all = query, query.user_list == "all"
        user = current_user(self)
        created_by = None if self.is_all else user
        page = await asyncio.to_thread(
            answer_of,
            lambda: get_scaffolder().list_tasks(
                user=user, created_by=created_by, offset=query.offset, limit=PAGE_ROWS
            ),
        )
        self.message = NO_ANSWER if page is None else ""
        if page is not None:
            catalog = visible_catalog(self)
            self.rows = [build_task_row(one, catalog) for one in page.items]
            self.total, self.offset = page.total, query.offset
