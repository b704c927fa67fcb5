"""The catalog's index: its filters, and the page of matching rows."""

import functools
from dataclasses import replace
from typing import Any, cast, get_args

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.catalog.index.index_query import (
    FIRST_KIND,
    PAGE_SIZES,
    IndexQuery,
    Ordering,
)
from backstage_py.plugins.catalog.reader import OrderField, Page
from backstage_py.plugins.catalog.rows import (
    EntityRow,
    Option,
    Picker,
    build_kinds,
    build_picker,
    build_row,
    build_types,
    plural,
    title_of,
)
from backstage_py.plugins.catalog.state.entity_listing import EntityListing
from backstage_py.plugins.catalog.visibility import visible_catalog
from backstage_py.portal.address_query import UserList
from backstage_py.portal.listing import read_page
from backstage_py.portal.session import current_user

PICKERS = {
    "owners": "Owner",
    "lifecycles": "Lifecycle",
    "tags": "Tags",
    "status": "Processing status",
    "namespaces": "Namespace",
}


@access(CATALOG_ENTITY_READ)
class CatalogIndexState(EntityListing, rx.State):
    """The rows of the index, for the query in its address."""

    rows: rx.Field[list[EntityRow]] = rx.field(default_factory=list)
    limit: rx.Field[int] = rx.field(PAGE_SIZES[0])
    order: rx.Field[str] = rx.field("title")
    is_descending: rx.Field[bool] = rx.field(False)
    kind: rx.Field[str] = rx.field(FIRST_KIND)
    kind_title: rx.Field[str] = rx.field("")
    type: rx.Field[str] = rx.field("")
    user_list: rx.Field[str] = rx.field("all")
    user_counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    types: rx.Field[list[Option]] = rx.field(default_factory=list)
    pickers: rx.Field[list[Picker]] = rx.field(default_factory=list)
    has_namespaces: rx.Field[bool] = rx.field(False)
    is_empty: rx.Field[bool] = rx.field(False)
    has_row_links: rx.Field[bool] = rx.field(False)
    address: rx.Field[str] = rx.field("")
    error_count: rx.Field[int] = rx.field(0)
    _query: IndexQuery = IndexQuery()
    _words: dict[str, str] = {}  # ruff: ignore[mutable-class-default]

    @rx.event
    def load(self) -> None:
        """Show the list for the address's query, from the current catalog."""
        self.error_count = len(visible_catalog(self).errors())
        self._words = {}
        self._show(IndexQuery.from_address(self.router.url.query))
        self.is_loaded = True

    @rx.event
    def choose_kind(self, kind: str) -> Any:
        """Show the entities of a kind; other filters are reset, as they suit the old kind."""
        query = IndexQuery(
            kind=kind, user_list=self._query.user_list, text=self.text, limit=self._query.limit
        )
        return self._change(query, "kind", kind)

    @rx.event
    def choose_type(self, type_: str) -> Any:
        """Show the entities of this type; empty means any."""
        return self._change(replace(self._query, type=type_), "type", type_)

    @rx.event
    def narrow(self, picker: str, text: str) -> None:
        """Search the values of a filter."""
        self._words = {**self._words, picker: text}
        self._show(self._query)

    @rx.event
    def clear(self) -> Any:
        """Show everything of the kind."""
        self._words = {}
        query = IndexQuery(kind=self._query.kind, limit=self._query.limit)
        return self._change(query, "all", "")

    @rx.event
    def sort(self, order: str) -> Any:
        """Sort by a column, or reverse the order if it is sorted by it."""
        if order not in get_args(OrderField):
            return None
        before = self._query.order
        down = before.key == order and not before.descending
        query = replace(self._query, order=Ordering(cast("OrderField", order), down))
        return self._go(query.first_page())

    @rx.event
    def choose_limit(self, limit: str) -> Any:
        """Set the number of rows per page."""
        return self._go(self._query.taking("limit", limit).first_page())

    def _show(self, query: IndexQuery) -> None:
        catalog, starred = visible_catalog(self), self._list_stars()
        owned_by = catalog.list_owner_refs(current_user(self))
        wanted = query.to_filter(owned_by=owned_by, starred=starred)
        key, descending = query.order

        def read(offset: int) -> Page:
            return catalog.list_entities(
                wanted, order=key, descending=descending, offset=offset, limit=query.limit
            )

        page, offset = read_page(read, offset=query.offset, limit=query.limit)
        self._query = query = replace(query, offset=offset)
        self.rows = [build_row(catalog, entity, starred=starred) for entity in page.items]
        self.total = page.total
        self.user_counts = {
            one: catalog.count_entities(
                replace(query, user_list=one).to_filter(owned_by=owned_by, starred=starred)
            )
            for one in get_args(UserList)
        }
        self._show_query(query)
        self._show_choices(query)

    def _show_query(self, query: IndexQuery) -> None:
        self.offset, self.limit = query.offset, query.limit
        self.order, self.is_descending = query.order
        self.kind, self.type = query.kind, query.type
        self.text, self.user_list = query.text, query.user_list
        self.address = query.to_address()

    def _show_choices(self, query: IndexQuery) -> None:
        facets = visible_catalog(self).facets(query.kind)
        self.kinds = build_kinds(facets.kinds)
        self.is_empty = not self.kinds
        kinds = {one.value: one.text for one in self.kinds}
        self.kind_title = plural(kinds.get(query.kind.lower(), query.kind.capitalize()))
        self.types = build_types(facets.types)
        self.has_row_links = any(row.view_url or row.edit_url for row in self.rows)
        self.has_namespaces = any(row.namespace != "default" for row in self.rows)
        pickers = [
            build_picker(
                name,
                title,
                getattr(facets, name),
                chosen=getattr(query, name),
                text=self._words.get(name, ""),
                name_owner=functools.partial(title_of, visible_catalog(self)),
            )
            for name, title in PICKERS.items()
        ]
        self.pickers = [one for one in pickers if _is_useful(one)]


def _is_useful(picker: Picker) -> bool:
    least = 2 if picker.name == "namespaces" else 1
    return bool(picker.chosen) or picker.has_search or len(picker.options) >= least
