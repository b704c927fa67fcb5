"""The recorded events of the person."""

import asyncio
import logging

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, access, current_session_id, get_runtime
from backstage_py.plugins.settings.own_record import Person
from backstage_py.plugins.settings.rows import (
    OwnEventRow,
    RetentionRow,
    ToolRow,
    build_own_event,
    build_retention,
    build_tools,
)
from backstage_py.plugins.settings.service import get_own_record
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

PAGE_EVENTS = 25


@access(SIGNED_IN)
class PrivacyState(rx.State):
    """The person's own events, a page at a time, and how the owner uses them."""

    rows: rx.Field[list[OwnEventRow]] = rx.field(default_factory=list)
    tools: rx.Field[list[ToolRow]] = rx.field(default_factory=list)
    retention: rx.Field[list[RetentionRow]] = rx.field(default_factory=list)
    session_id: rx.Field[str] = rx.field("")
    has_account: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_broken: rx.Field[bool] = rx.field(False)
    page: rx.Field[int] = rx.field(0)
    has_older: rx.Field[bool] = rx.field(False)
    _cursors: tuple[str | None, ...] = (None,)

    @rx.event
    async def look(self) -> None:
        """Show the newest; the trigger has to be in the page, which names the visit."""
        self.session_id = current_session_id() or ""
        self.tools = build_tools(get_runtime())
        self.retention = build_retention(get_runtime().config)
        self._cursors, self.page = (None,), 0
        await self._show()

    @rx.event
    async def older(self) -> None:
        """Go to older events."""
        if self.has_older:
            self.page += 1
            await self._show()

    @rx.event
    async def newer(self) -> None:
        """Go back to newer events."""
        if self.page > 0:
            self.page -= 1
            await self._show()

    async def _show(self) -> None:
        person = self._person()
        self.has_account = person.has_account
        cursor = self._cursors[self.page]
        try:
            found = await asyncio.to_thread(
                get_own_record().read, person, cursor=cursor, limit=PAGE_EVENTS
            )
        except SQLAlchemyError as error:
            _logger.warning("A person's events cannot be read: %s", error)
            self.is_broken, self.is_loaded = True, True
            return
        self._cursors = (*self._cursors[: self.page + 1], found.next_cursor)
        self.rows = [build_own_event(event) for event in found.events]
        self.has_older = found.next_cursor is not None
        self.is_broken, self.is_loaded = False, True

    def _person(self) -> Person:
        user = current_user(self)
        return get_own_record().person(user, self.session_id)
