"""The live view: the newest events of the store, while a page shows them."""

import asyncio

import reflex as rx

from backstage_py.analytics import ANALYTICS_EVENT_READ, EVENTS_STORED, access, get_runtime
from backstage_py.insights.ui.host import visitor_of
from backstage_py.insights.ui.live.rows import EventRow, build_row
from backstage_py.ui.live import live_tabs

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
        visitor = visitor_of(self)
        self.is_allowed = visitor.reads_events
        if self.is_allowed:
            if self.is_live:
                live_tabs.watch(self, EVENTS_STORED, EventsState.look, seconds=1.0)
            await self._show(has_names=visitor.has_names)
        else:
            self.rows = []
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

    async def _show(self, *, has_names: bool) -> None:
        store = get_runtime().store
        page = await asyncio.to_thread(store.read, action=self.action or None, limit=SHOWN_EVENTS)
        if [event.id for event in page.events] != [row.id for row in self.rows]:
            self.rows = [build_row(event, has_names=has_names) for event in page.events]
