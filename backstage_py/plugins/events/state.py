"""The live view: asks the store for what is new while somebody watches."""

import asyncio
from collections.abc import AsyncIterator

import reflex as rx

from backstage_py.analytics import get_recorder
from backstage_py.plugins.events.rows import EventRow, build_row

SHOWN_EVENTS = 100
LOOK_EVERY_SECONDS = 1.0


class EventsState(rx.State):
    """The newest events, the newest first."""

    rows: rx.Field[list[EventRow]] = rx.field(default_factory=list)
    is_allowed: rx.Field[bool] = rx.field(True)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_live: rx.Field[bool] = rx.field(False)
    action: rx.Field[str] = rx.field("")
    _watch: int = 0

    @rx.event(background=True)
    async def watch(self) -> None:
        """Show what is there, and what comes, until the view is left or paused."""
        async with self:
            user = get_recorder().identify(self.router.headers.raw_headers)
            self.is_allowed = get_recorder().may_read(user)
            self._watch += 1
            watch = self._watch
            self.is_live = self.is_allowed
        async for _ in _ticks():
            if not await self._look(watch):
                return

    async def _look(self, watch: int) -> bool:
        """Show the newest events; False when this watch is over."""
        if not self.is_live or self._watch != watch:
            return False
        store = get_recorder().store
        page = await asyncio.to_thread(store.read, action=self.action or None, limit=SHOWN_EVENTS)
        rows = [build_row(event) for event in page.events]
        async with self:
            if [row.id for row in rows] != [row.id for row in self.rows]:
                self.rows = rows
            self.is_loaded = True
        return True

    @rx.event
    def pause(self) -> None:
        """Stop looking."""
        self.is_live = False

    @rx.event
    def choose_action(self, action: str) -> None:
        """Show one action only; the empty one means any."""
        self.action = action
        self.rows = []


async def _ticks() -> AsyncIterator[None]:
    while True:
        yield
        await asyncio.sleep(LOOK_EVERY_SECONDS)
