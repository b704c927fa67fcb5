"""The live view: the newest events of the store, while a page shows them."""

import asyncio
from typing import Any

import reflex as rx

from backstage_py.analytics import (
    ANALYTICS_EVENT_READ,
    EVENTS_STORED,
    RecordedEvent,
    access,
    get_runtime,
)
from backstage_py.insights.ui.host import visitor_of
from backstage_py.insights.ui.live.rows import EventRow, build_json, build_row
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
    plugin: rx.Field[str] = rx.field("")
    user: rx.Field[str] = rx.field("")
    has_names: rx.Field[bool] = rx.field(False)
    opened: rx.Field[str] = rx.field("")
    waiting: rx.Field[int] = rx.field(0)
    _shown: list[RecordedEvent] = []  # ruff: ignore[mutable-class-default]

    @rx.var
    def is_filtered(self) -> bool:
        """Whether only some of the events are asked for."""
        return bool(self.action or self.plugin or self.user)

    @rx.event
    async def load(self) -> None:
        """Show the newest events, none of them open."""
        self.opened = ""
        await self.look()

    @rx.event
    async def look(self) -> None:
        """Show what has come since the last look."""
        visitor = visitor_of(self)
        self.is_allowed = visitor.reads_events
        if self.is_allowed:
            if self.is_live:
                live_tabs.watch(self, EVENTS_STORED, EventsState.look, seconds=1.0)
            self.has_names = visitor.has_names
            await self._show()
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
        self.action, self.opened = action, ""
        await self.look()

    @rx.event
    async def choose_plugin(self, plugin: str) -> None:
        """Show the events of one plugin only; an empty id means any."""
        self.plugin, self.opened = plugin.strip(), ""
        await self.look()

    @rx.event
    async def choose_user(self, user: str) -> None:
        """Show the events of one person only, for those who may know who it was."""
        self.user, self.opened = user.strip(), ""
        await self.look()

    @rx.event
    async def toggle(self, id_: str) -> None:
        """Open an event, or close it; while one is open the list stays as it is."""
        self.opened = "" if self.opened == id_ else id_
        if not self.opened and self.is_live:
            await self.look()

    @rx.event
    async def copy(self, id_: str) -> Any:
        """Put an event that is shown on the clipboard, as `GET /api/events` gives it."""
        for event in self._shown if visitor_of(self).reads_events else ():
            if event.id == id_:
                return rx.set_clipboard(build_json(event, has_names=self.has_names))
        return None

    async def _show(self) -> None:
        has_names = self.has_names
        page = await asyncio.to_thread(
            get_runtime().store.read,
            action=self.action or None,
            plugin_id=self.plugin or None,
            user=(self.user or None) if has_names else None,
            limit=SHOWN_EVENTS,
        )
        known = {row.id for row in self.rows}
        self.waiting = sum(event.id not in known for event in page.events) if self.opened else 0
        if not self.opened and list(page.events) != self._shown:
            self._shown = list(page.events)
            self.rows = [build_row(event, has_names=has_names) for event in page.events]
