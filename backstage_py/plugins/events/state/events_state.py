"""The live view: what is newest in the store, as long as somebody's browser asks for it."""

import asyncio

import reflex as rx

from backstage_py.analytics import (
    ANALYTICS_EVENT_READ,
    access,
    get_recorder,
    get_runtime,
)
from backstage_py.plugins.events.rows import EventRow, build_row
from backstage_py.portal.live import live_tabs
from backstage_py.portal.session import current_user
from backstage_py.storage import EVENTS_STORED

SHOWN_EVENTS = 100


@access(ANALYTICS_EVENT_READ)
class EventsState(rx.State):
    """The newest events, the newest first."""

    rows: rx.Field[list[EventRow]] = rx.field(default_factory=list)
    is_allowed: rx.Field[bool] = rx.field(True)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_live: rx.Field[bool] = rx.field(True)
    action: rx.Field[str] = rx.field("")

    @rx.event
    async def look(self) -> None:
        """Show what has come since the last look."""
        user = current_user(self)
        self.is_allowed = get_recorder().may_read(user)
        if self.is_allowed:
            if self.is_live:
                live_tabs.watch(self, EVENTS_STORED, EventsState.look, seconds=1.0)
            await self._show()
        self.is_loaded = True

    @rx.event
    def pause(self) -> None:
        """Stop looking."""
        self.is_live = False
        live_tabs.unwatch(self, EVENTS_STORED, EventsState.look)

    @rx.event
    async def resume(self) -> None:
        """Look again, from now on."""
        self.is_live = True
        await self.look()

    @rx.event
    async def choose_action(self, action: str) -> None:
        """Show one action only; the empty one means any."""
        self.action = action
        await self.look()

    async def _show(self) -> None:
        store = get_runtime().store
        page = await asyncio.to_thread(store.read, action=self.action or None, limit=SHOWN_EVENTS)
        if [event.id for event in page.events] != [row.id for row in self.rows]:
            self.rows = [build_row(event) for event in page.events]
