"""An Insights page: the query of its address and the answers."""

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import (
    ANALYTICS_INSIGHTS_READ,
    ANALYTICS_MANAGE,
    AnalyticsError,
    access,
    utc_now,
)
from backstage_py.insights import Viewer
from backstage_py.insights.ui import texts
from backstage_py.insights.ui.form_rows import BuilderForm, build_form
from backstage_py.insights.ui.host import get_host, visitor_of
from backstage_py.insights.ui.page_query import RANGES, PageQuery
from backstage_py.insights.ui.places import path_of
from backstage_py.insights.ui.reading import Reading
from backstage_py.insights.ui.rows import TileData
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.settings import get_settings
from backstage_py.insights.ui.state.choices import list_fields, list_routes, list_versions
from backstage_py.ui.address import replace_address

_logger = logging.getLogger(__name__)

FEW_EVENTS = 500
"""With fewer real events than that, and no sample data, the page offers to fill in some."""
_UNKNOWN = {"sample": 0, "real": FEW_EVENTS}
"""Nothing is offered then; each tile says why there is no answer."""
_CHOOSABLE = ("range", "since", "until", "grain", "zone")


@access(ANALYTICS_INSIGHTS_READ)
class InsightsState(rx.State):
    """The answers to the query in a page's address."""

    view: rx.Field[str] = rx.field("")
    tiles: rx.Field[dict[str, TileData]] = rx.field(default_factory=dict)
    is_allowed: rx.Field[bool] = rx.field(True)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_busy: rx.Field[bool] = rx.field(False)
    range: rx.Field[str] = rx.field("")
    since: rx.Field[str] = rx.field("")
    until: rx.Field[str] = rx.field("")
    grain: rx.Field[str] = rx.field("")
    zone: rx.Field[str] = rx.field("")
    more: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    span: rx.Field[str] = rx.field("")
    with_sample: rx.Field[bool] = rx.field(True)
    sample_events: rx.Field[str] = rx.field("")
    can_fill: rx.Field[bool] = rx.field(False)
    is_filling: rx.Field[bool] = rx.field(False)
    may_manage: rx.Field[bool] = rx.field(False)
    address: rx.Field[str] = rx.field("")
    tab_address: rx.Field[str] = rx.field("")
    message: rx.Field[str] = rx.field("")
    routes: rx.Field[list[str]] = rx.field(default_factory=list)
    fields: rx.Field[list[str]] = rx.field(default_factory=list)
    versions: rx.Field[list[str]] = rx.field(default_factory=list)
    templates: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    form: rx.Field[BuilderForm] = rx.field(default_factory=BuilderForm)
    _query: PageQuery = PageQuery()
    _latest: str = ""

    @rx.event(background=True)
    async def load(self, view: str) -> AsyncGenerator[Any]:
        """Show what the address asks for."""
        async with self:
            if view != self.view:
                self.tiles, self.is_loaded = {}, False
            self.view, self.message = view, ""
            zone = get_settings().zone
            query = PageQuery.from_address(self.router.url.query, zone=zone)
        await self._read(query)
        yield

    @rx.event(background=True)
    async def choose(self, name: str, value: str) -> AsyncGenerator[Any]:
        """Choose the range, one of its ends, the grain or the time zone."""
        async with self:
            query = self._with(name, value) if name in _CHOOSABLE else self._query
        async for event in self._go(query):
            yield event

    @rx.event(background=True)
    async def choose_more(self, name: str, value: str) -> AsyncGenerator[Any]:
        """Set a parameter of this page; an empty value removes it."""
        async with self:
            query = self._query.including(**{name: value})
        async for event in self._go(query):
            yield event

    @rx.event(background=True)
    async def choose_many(self, values: dict[str, str]) -> AsyncGenerator[Any]:
        """Set several parameters of this page at once."""
        async with self:
            query = self._query.including(**values)
        async for event in self._go(query):
            yield event

    @rx.event(background=True)
    async def show_sample(self, shown: bool) -> AsyncGenerator[Any]:  # ruff: ignore[boolean-type-hint-positional-argument]
        """Count sample data, or leave it out."""
        async with self:
            query = replace(self._query, with_sample=shown)
        async for event in self._go(query):
            yield event

    @rx.event(background=True)
    async def read_again(self) -> AsyncGenerator[Any]:
        """Read all tiles again."""
        await self._read(self._query)
        yield

    @rx.event(background=True)
    async def show_sql(self, tile_id: str) -> AsyncGenerator[Any]:
        """Show the SQL of a tile; it takes a while, so it is written on demand."""
        async with self:
            viewer, reading = self.viewer(), self.reading
        if viewer is None:
            return
        service = get_insights_service()
        try:
            sql = await asyncio.to_thread(reading.write_sql, tile_id, service, viewer)
        except AnalyticsError as error:
            sql = f"-- {error}"
        async with self:
            if tile_id in self.tiles and reading.query == self._query:
                self.tiles[tile_id] = replace(self.tiles[tile_id], sql=sql)
        yield

    @rx.event(background=True)
    @access(ANALYTICS_MANAGE)
    async def fill_with_sample(self) -> AsyncGenerator[Any]:
        """Put a sample history into the store."""
        async for event in self._change_sample("Filling in sample data…", fill=True):
            yield event

    @rx.event(background=True)
    @access(ANALYTICS_MANAGE)
    async def remove_sample(self) -> AsyncGenerator[Any]:
        """Take the sample history out of the store."""
        async for event in self._change_sample("Removing the sample data…", fill=False):
            yield event

    @rx.event
    def dismiss(self) -> None:
        """Dismiss the message."""
        self.message = ""

    def viewer(self) -> Viewer | None:
        """What the user may see; None for nothing."""
        return visitor_of(self).viewer

    @property
    def reading(self) -> Reading:
        """The page that is shown, at this moment."""
        return Reading(self.view, self._query, utc_now())

    def _with(self, name: str, value: str) -> PageQuery:
        query = replace(self._query, **{name: value})
        if name == "range" and value == "custom" and not query.since:
            window = self._query.to_window(utc_now())
            first, last = texts.ends(window)
            query = replace(query, since=first, until=last)
        return PageQuery.from_address(query.to_address(), zone=get_settings().zone)

    async def _change_sample(self, doing: str, *, fill: bool) -> AsyncGenerator[Any]:
        service = get_insights_service()
        async with self:
            if self.viewer() is None or self.is_filling:
                return
            self.is_filling, self.message = True, doing
        yield
        try:
            work = service.fill_with_sample if fill else service.remove_sample
            count = await asyncio.to_thread(work)
            done = f"{count:,} sample events {'are there now' if fill else 'were removed'}."
        except AnalyticsError as error:
            done = str(error)
        except SQLAlchemyError as error:
            _logger.warning("The sample data stays as it is: %s", error)
            done = "The database is not responding. Nothing was changed."
        async with self:
            self.is_filling, self.message = False, done
        await self._read(self._query)
        yield

    async def _go(self, query: PageQuery) -> AsyncGenerator[Any]:
        """Replace the query of the address, without a navigation, and answer it."""
        async with self:
            if query == self._query:
                return
            self._show_query(query)
        yield replace_address(path_of(self.view), self.address)
        await self._read(query)
        yield

    async def _read(self, query: PageQuery) -> None:
        """Answer a query; a newer one that is asked meanwhile makes the answer void.

        To be called in a background event, outside of `async with self`.
        """
        ticket = uuid.uuid4().hex
        async with self:
            caller = visitor_of(self)
            viewer = caller.viewer
            self.is_allowed, self.may_manage = viewer is not None, caller.may_manage
            self._latest, self.is_busy = ticket, viewer is not None
            self._show_query(query)
            reading = self.reading
            if viewer is None:
                self.tiles, self.is_loaded = {}, True
        if viewer is None:
            return
        service = get_insights_service()
        tiles = await asyncio.to_thread(reading.read, service, viewer)
        templates = service.list_templates()
        try:
            counts = await asyncio.to_thread(service.counts)
            routes = await asyncio.to_thread(list_routes, service, reading, viewer)
            fields = await asyncio.to_thread(list_fields, service, reading, viewer)
            versions = await asyncio.to_thread(list_versions, service)
        except (AnalyticsError, SQLAlchemyError):
            counts, routes, fields, versions = _UNKNOWN, list[str](), list[str](), list[str]()
        async with self:
            if self._latest == ticket:
                self.tiles, self.routes, self.templates = tiles, routes, templates
                self.fields, self.versions = fields, versions
                self.sample_events = f"{counts['sample']:,}" if counts["sample"] else ""
                has_sample = get_host().sample is not None
                few = not counts["sample"] and counts["real"] < FEW_EVENTS
                self.can_fill = has_sample and few and self.may_manage
                self.span = texts.span(reading.scope.window)
                self.is_loaded, self.is_busy = True, False

    def _show_query(self, query: PageQuery) -> None:
        zone = get_settings().zone
        self._query = query
        self.range = query.range if query.range in RANGES else ""
        self.since, self.until, self.grain = query.since, query.until, query.grain
        self.zone, self.with_sample, self.more = query.zone, query.with_sample, dict(query.more)
        self.form = build_form(query)
        self.address, self.tab_address = query.to_address(zone=zone), query.to_tab(zone=zone)
