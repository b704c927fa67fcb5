"""The search page."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.catalog.api import visible_catalog
from backstage_py.plugins.search.page_query import PageQuery
from backstage_py.plugins.search.query import MAX_TERM
from backstage_py.plugins.search.routes import SEARCH
from backstage_py.plugins.search.rows import Choice, build_choices
from backstage_py.plugins.search.state.query_state import QueryState
from backstage_py.ui.address import replace_address

_MULTIPLE = ("kind", "lifecycle", "owner")


@access(CATALOG_ENTITY_READ)
class SearchPageState(QueryState, rx.State):
    """The results of the page, for the query in its address."""

    types: rx.Field[list[str]] = rx.field(default_factory=list)
    kinds: rx.Field[list[Choice]] = rx.field(default_factory=list)
    lifecycles: rx.Field[list[Choice]] = rx.field(default_factory=list)
    owners: rx.Field[list[Choice]] = rx.field(default_factory=list)
    kind: rx.Field[str] = rx.field("")
    owner: rx.Field[str] = rx.field("")
    is_filtered: rx.Field[bool] = rx.field(False)
    _query: PageQuery = PageQuery()

    @rx.event(background=True)
    async def load(self) -> None:
        """Show the results of the address's query."""
        async with self:
            query = PageQuery.from_address(self.router.url.query)
            self._choose(query)
        await self._ask(query)

    @rx.event(background=True)
    async def search(self, term: str) -> AsyncGenerator[Any]:
        """Search for a term."""
        async with self:
            query = replace(self._query, term=term[:MAX_TERM], page=0)
        async for event in self._go(query):
            yield event

    @rx.event(background=True)
    async def choose_type(self, type_: str) -> AsyncGenerator[Any]:
        """Search documents of one type, or of all if it is empty."""
        async with self:
            query = replace(self._query, types=(type_,) if type_ else (), page=0)
        async for event in self._go(query):
            yield event

    @rx.event(background=True)
    async def choose(self, name: str, value: str) -> AsyncGenerator[Any]:
        """Filter by one value, or by none if it is empty."""
        if name in _MULTIPLE:
            async with self:
                query = replace(self._query, page=0, **{name: (value,) if value else ()})
            async for event in self._go(query):
                yield event

    @rx.event(background=True)
    async def toggle(self, name: str, value: str) -> AsyncGenerator[Any]:
        """Select or deselect a value of a filter."""
        async with self:
            query = self._query.toggled(name, value)
        if query is not None:
            async for event in self._go(replace(query, page=0)):
                yield event

    @rx.event(background=True)
    async def turn(self, pages: int) -> AsyncGenerator[Any]:
        """Go forward by some pages, or back if negative."""
        async with self:
            last = max(0, (self.total - 1) // self._query.limit)
            query = replace(self._query, page=min(max(0, self._query.page + pages), last))
        async for event in self._go(query):
            yield event

    @rx.event(background=True)
    async def choose_limit(self, limit: str) -> AsyncGenerator[Any]:
        """Set the number of results per page."""
        async with self:
            query = replace(self._query.taking("limit", limit), page=0)
        async for event in self._go(query):
            yield event

    @rx.event(background=True)
    async def clear(self) -> AsyncGenerator[Any]:
        """Clear all filters."""
        async with self:
            query = PageQuery(term=self._query.term, limit=self._query.limit)
        async for event in self._go(query):
            yield event

    async def _go(self, query: PageQuery) -> AsyncGenerator[Any]:
        """Write a query into the address without a navigation, and answer it if it is new."""
        async with self:
            if query == self._query:
                return
            self._choose(query)
        yield replace_address(SEARCH.path, query.to_address())
        await self._ask(query)

    def _choose(self, query: PageQuery) -> None:
        self._query = query
        self.types = list(query.types)
        self.is_filtered = query.is_filtered
        self.kind, self.owner = "".join(query.kind[:1]), "".join(query.owner[:1])
        catalog = visible_catalog(self)
        facets = catalog.facets()
        self.kinds = build_choices(facets.kinds, query.kind, catalog)
        self.lifecycles = build_choices(facets.lifecycles, query.lifecycle, catalog)
        self.owners = build_choices(facets.owners, query.owner, catalog)
