"""The list of a person's notifications."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, access, utc_now
from backstage_py.plugins.notifications.notification import (
    NotificationPage,
    Order,
    Question,
    Severity,
    View,
)
from backstage_py.plugins.notifications.rows import NotificationRow, build_row
from backstage_py.plugins.notifications.service import NOTIFICATIONS_CHANGED, get_notifications
from backstage_py.plugins.notifications.state.bell_state import BellState
from backstage_py.portal.session import current_user
from backstage_py.ui.live import live_tabs

_logger = logging.getLogger(__name__)

PAGE_SIZES = (10, 20, 50)
AGES = {"": None, "day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30)}


@access(SIGNED_IN)
class NotificationsState(rx.State):
    """The listed notifications, and which are selected."""

    rows: rx.Field[list[NotificationRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    view: rx.Field[str] = rx.field(str(View.UNREAD))
    age: rx.Field[str] = rx.field("")
    order: rx.Field[str] = rx.field(str(Order.NEWEST))
    least: rx.Field[str] = rx.field(str(Severity.LOW))
    text: rx.Field[str] = rx.field("")
    page: rx.Field[int] = rx.field(0)
    limit: rx.Field[int] = rx.field(PAGE_SIZES[1])
    is_loaded: rx.Field[bool] = rx.field(False)
    is_broken: rx.Field[bool] = rx.field(False)

    @rx.var
    def chosen(self) -> int:
        """The number of selected ones."""
        return sum(row.is_chosen for row in self.rows)

    @rx.event
    async def load(self) -> None:
        """Show the list."""
        await self._show()

    @rx.event
    async def look(self) -> None:
        """Show new notifications; the selection is kept."""
        await self._show()

    @rx.event
    async def filter_view(self, value: str) -> None:
        """Show the unread ones, the read, the saved, or all."""
        self.view = str(View(value))
        await self._restart()

    @rx.event
    async def filter_age(self, value: str) -> None:
        """Show the notifications of a recent period."""
        self.age = value if value in AGES else ""
        await self._restart()

    @rx.event
    async def filter_severity(self, value: str) -> None:
        """Show the notifications of at least this severity."""
        self.least = str(Severity(value))
        await self._restart()

    @rx.event
    async def sort(self, value: str) -> None:
        """Show them in another order."""
        self.order = str(Order(value))
        await self._restart()

    @rx.event
    async def filter_text(self, value: str) -> None:
        """Show the notifications with these words."""
        self.text = value[:200]
        await self._restart()

    @rx.event
    async def turn(self, pages: int) -> None:
        """Go forward by some pages, or back if negative."""
        last = max(0, (self.total - 1) // self.limit)
        self.page = min(max(0, self.page + pages), last)
        await self._show()

    @rx.event
    async def choose_limit(self, limit: str) -> None:
        """Set the number of notifications per page."""
        self.limit = int(limit) if limit in {str(size) for size in PAGE_SIZES} else PAGE_SIZES[1]
        await self._restart()

    @rx.event
    def choose(self, id_: str) -> None:
        """Select or deselect one."""
        self.rows = [
            replace(row, is_chosen=not row.is_chosen) if row.id == id_ else row for row in self.rows
        ]

    @rx.event
    def choose_all(self) -> None:
        """Select or deselect all on the page."""
        is_chosen = not all(row.is_chosen for row in self.rows)
        self.rows = [replace(row, is_chosen=is_chosen) for row in self.rows]

    @rx.event
    async def mark_read(self, is_read: bool) -> Any:  # ruff: ignore[boolean-type-hint-positional-argument]
        """Mark the selected ones as read or unread."""
        return await self._mark(self._chosen_ids(), is_read=is_read)

    @rx.event
    async def mark_saved(self, is_saved: bool) -> Any:  # ruff: ignore[boolean-type-hint-positional-argument]
        """Save or unsave the selected ones."""
        return await self._mark(self._chosen_ids(), is_saved=is_saved)

    @rx.event
    async def toggle_read(self, id_: str) -> Any:
        """Mark one as read or unread."""
        is_read = any(row.id == id_ and row.is_read for row in self.rows)
        return await self._mark([id_], is_read=not is_read)

    @rx.event
    async def toggle_saved(self, id_: str) -> Any:
        """Save or unsave one."""
        is_saved = any(row.id == id_ and row.is_saved for row in self.rows)
        return await self._mark([id_], is_saved=not is_saved)

    @rx.event
    async def mark_all_read(self) -> Any:
        """Mark all as read."""
        user = current_user(self)
        return await self._change(lambda: get_notifications().mark_all_read(user))

    async def _mark(
        self, ids: list[str], *, is_read: bool | None = None, is_saved: bool | None = None
    ) -> Any:
        user = current_user(self)

        def mark() -> None:
            if is_read is not None:
                get_notifications().mark_read(user, ids, is_read=is_read)
            if is_saved is not None:
                get_notifications().mark_saved(user, ids, is_saved=is_saved)

        return await self._change(mark)

    async def _change(self, change: Callable[[], None]) -> Any:
        try:
            await asyncio.to_thread(change)
        except SQLAlchemyError as error:
            _logger.warning("Notifications cannot be changed: %s", error)
            self.is_broken = True
            return None
        self.rows = [replace(row, is_chosen=False) for row in self.rows]
        await self._show()
        return BellState.look

    async def _restart(self) -> None:
        self.page = 0
        await self._show()

    async def _show(self) -> None:
        user, question = current_user(self), self._question()
        live_tabs.watch(self, NOTIFICATIONS_CHANGED, NotificationsState.look, key=user)
        chosen = set(self._chosen_ids())

        def ask() -> tuple[NotificationPage, dict[str, str]]:
            origins = get_notifications().list_origins(user)
            return get_notifications().find(user, question), {
                one.origin: one.title for one in origins
            }

        try:
            found, titles = await asyncio.to_thread(ask)
        except SQLAlchemyError as error:
            _logger.warning("Notifications cannot be read: %s", error)
            self.is_broken, self.is_loaded = True, True
            return
        rows = [build_row(one, titles=titles, now=utc_now()) for one in found.items]
        rows = [replace(row, is_chosen=row.id in chosen) for row in rows]
        if rows != self.rows:
            self.rows = rows
        self.total = found.total
        self.is_broken, self.is_loaded = False, True

    def _question(self) -> Question:
        age = AGES[self.age]
        return Question(
            view=View(self.view),
            since=None if age is None else utc_now() - age,
            least=Severity(self.least),
            text=self.text,
            order=Order(self.order),
            offset=self.page * self.limit,
            limit=self.limit,
        )

    def _chosen_ids(self) -> list[str]:
        return [row.id for row in self.rows if row.is_chosen]
