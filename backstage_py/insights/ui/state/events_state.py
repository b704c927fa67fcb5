"""The events behind a number."""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import reflex as rx

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, AnalyticsError, access
from backstage_py.insights.ui.builder import describe, read_conditions
from backstage_py.insights.ui.event_rows import EventRow, build_event_row
from backstage_py.insights.ui.pieces import read_span
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.state.page_state import InsightsState

SHOWN_EVENTS = 50


@access(ANALYTICS_INSIGHTS_READ)
class EventsBehindState(rx.State):
    """A dialog of the events that a number counts, the newest first."""

    is_open: rx.Field[bool] = rx.field(False)
    is_loaded: rx.Field[bool] = rx.field(False)
    title: rx.Field[str] = rx.field("")
    says: rx.Field[str] = rx.field("")
    rows: rx.Field[list[EventRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    has_more: rx.Field[bool] = rx.field(False)
    problem: rx.Field[str] = rx.field("")
    _behind: str = "[]"
    _span: str = ""
    _cursor: int | None = None

    @rx.event(background=True)
    async def show(self, title: str, behind: str, row: str, span: str) -> AsyncGenerator[Any]:
        """Show the events of a tile, or of one of its rows: conditions as JSON, and moments."""
        conditions = [one for text in (behind, row) for one in (json.loads(text) if text else [])]
        async with self:
            self.title, self.rows, self.is_loaded, self.is_open = title, [], False, True
            self.problem, self.total = "", 0
            self._behind, self._span, self._cursor = json.dumps(conditions), span, None
            self.says = ", ".join(map(describe, read_conditions(conditions)))
        yield
        await self._read()
        yield

    @rx.event(background=True)
    async def show_more(self) -> AsyncGenerator[Any]:
        """Show the next ones, too."""
        await self._read()
        yield

    @rx.event
    def close(self) -> None:
        """Close the dialog, as when its page is left: what it shows was asked there."""
        self.is_open, self.rows, self.is_loaded = False, [], False

    @rx.event
    def toggle(self, is_open: bool) -> None:  # ruff: ignore[boolean-type-hint-positional-argument]
        """What the dialog asks for: it is closed by its button, the Escape key, or beside it."""
        if not is_open:
            self.close()

    async def _read(self) -> None:
        async with self:
            page = await self.get_state(InsightsState)
            viewer, scope = page.viewer(), page.reading.scope
            scope = replace(scope, window=read_span(self._span, scope.window))
            conditions, cursor = read_conditions(json.loads(self._behind)), self._cursor
        if viewer is None:
            return
        try:
            found = await asyncio.to_thread(
                get_insights_service().events,
                scope.narrowed(*conditions),
                viewer,
                cursor=cursor,
                limit=SHOWN_EVENTS,
            )
        except AnalyticsError as error:
            async with self:
                self.problem, self.is_loaded = str(error), True
            return
        async with self:
            self.rows = [*self.rows, *map(build_event_row, found.rows)]
            self.total, self._cursor = found.total, found.next_cursor
            self.has_more, self.is_loaded = found.next_cursor is not None, True
