"""The catalog's index: its filters, and the page of rows they leave."""

import logging
from collections.abc import Collection
from dataclasses import replace
from typing import Any, cast, get_args

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import load_config
from backstage_py.plugins.catalog.index.index_query import (
    FIRST_KIND,
    MULTIPLE,
    PAGE_SIZES,
    IndexQuery,
    UserList,
)
from backstage_py.plugins.catalog.routes import CATALOG_INDEX
from backstage_py.plugins.catalog.rows import (
    EntityRow,
    Option,
    Picker,
    build_kinds,
    build_picker,
    build_row,
    build_types,
)
from backstage_py.plugins.catalog.service import OrderField, capture, get_catalog, get_stars
from backstage_py.portal.address import replace_address
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

PICKERS = {
    "owners": "Owner",
    "lifecycles": "Lifecycle",
    "tags": "Tags",
    "status": "Processing status",
    "namespaces": "Namespace",
}
NO_ANSWER = "Your stars cannot be read: the database does not answer."


class CatalogIndexState(rx.State):
    """What the index shows, for the query that its address holds."""

    rows: rx.Field[list[EntityRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    offset: rx.Field[int] = rx.field(0)
    limit: rx.Field[int] = rx.field(PAGE_SIZES[0])
    order: rx.Field[str] = rx.field("title")
    is_descending: rx.Field[bool] = rx.field(False)
    kind: rx.Field[str] = rx.field(FIRST_KIND)
    kind_title: rx.Field[str] = rx.field("")
    type: rx.Field[str] = rx.field("")
    text: rx.Field[str] = rx.field("")
    user_list: rx.Field[str] = rx.field("all")
    user_counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    kinds: rx.Field[list[Option]] = rx.field(default_factory=list)
    types: rx.Field[list[Option]] = rx.field(default_factory=list)
    pickers: rx.Field[list[Picker]] = rx.field(default_factory=list)
    has_namespaces: rx.Field[bool] = rx.field(False)
    organization: rx.Field[str] = rx.field("Company")
    address: rx.Field[str] = rx.field("")
    error_count: rx.Field[int] = rx.field(0)
    message: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    _query: IndexQuery = IndexQuery()
    _words: dict[str, str] = {}  # ruff: ignore[mutable-class-default]

    @rx.event
    def load(self) -> None:
        """Show what the address asks for, of the catalog as it is now."""
        name = load_config().get_optional_string("organization.name")
        self.organization = name or "Company"
        self.error_count = len(get_catalog().errors())
        self._words = {}
        self._show(IndexQuery.from_address(self.router.url.query))
        self.is_loaded = True

    @rx.event
    def choose_kind(self, kind: str) -> Any:
        """Show the entities of a kind; what else was chosen belongs to the other kind."""
        query = IndexQuery(
            kind=kind, user_list=self._query.user_list, text=self.text, limit=self._query.limit
        )
        return self._change(query, "kind", kind)

    @rx.event
    def choose_type(self, type_: str) -> Any:
        """Show what has this type; the empty one means any."""
        return self._change(replace(self._query, type=type_), "type", type_)

    @rx.event
    def choose_user_list(self, user_list: str) -> Any:
        """Show what the user owns, has starred, or everything."""
        chosen = cast("UserList", user_list if user_list in get_args(UserList) else "all")
        return self._change(replace(self._query, user_list=chosen), "user", chosen)

    @rx.event
    def toggle(self, picker: str, value: str) -> Any:
        """Choose a value of a filter, or let it go."""
        if picker not in MULTIPLE:
            return None
        chosen = _toggle(getattr(self._query, picker), value)
        return self._change(replace(self._query, **{picker: chosen}), picker, value)

    @rx.event
    def narrow(self, picker: str, text: str) -> None:
        """Look for values of a filter."""
        self._words = {**self._words, picker: text}
        self._show(self._query)

    @rx.event
    def search(self, text: str) -> Any:
        """Show what has these words in its name, title or tags."""
        return self._change(replace(self._query, text=text), "text", text)

    @rx.event
    def clear(self) -> Any:
        """Show everything of the kind."""
        self._words = {}
        query = IndexQuery(kind=self._query.kind, limit=self._query.limit)
        return self._change(query, "all", "")

    @rx.event
    def sort(self, order: str) -> Any:
        """Order by a column, or the other way round if it is ordered so."""
        if order not in get_args(OrderField):
            return None
        down = self._query.order == order and not self._query.descending
        query = replace(self._query, order=cast("OrderField", order), descending=down, offset=0)
        return self._go(query)

    @rx.event
    def turn(self, pages: int) -> Any:
        """Go some pages on, or back if negative."""
        offset = max(0, self._query.offset + pages * self._query.limit)
        return self._go(replace(self._query, offset=offset))

    @rx.event
    def choose_limit(self, limit: str) -> Any:
        """Show so many rows on a page."""
        chosen = int(limit) if limit.isdigit() and int(limit) in PAGE_SIZES else PAGE_SIZES[0]
        return self._go(replace(self._query, limit=chosen, offset=0))

    @rx.event
    def star(self, entity_ref: str) -> None:
        """Star an entity, or take the star away."""
        user = current_user(self)
        try:
            is_starred = entity_ref in get_stars().list_refs(user)
            get_stars().set(user, entity_ref, starred=not is_starred)
        except SQLAlchemyError as error:
            _logger.warning("The star is not kept: %s", error)
            self.message = "Your star cannot be kept: the database does not answer."
            return
        self.message = ""
        entity = get_catalog().find_by_ref(entity_ref)
        action = "unstar" if is_starred else "star"
        capture(action, entity.title if entity else entity_ref, entityRef=entity_ref)
        self._show(self._query)

    def _change(self, query: IndexQuery, name: str, value: str) -> Any:
        capture("filter", name, value=value)
        return self._go(replace(query, offset=0))

    def _go(self, query: IndexQuery) -> Any:
        """Show a query and write it into the address; as in Backstage that is no navigation."""
        self._show(query)
        return replace_address(CATALOG_INDEX.path, self.address)

    def _show(self, query: IndexQuery) -> None:
        catalog, user = get_catalog(), current_user(self)
        starred = self._list_stars(user)
        owned_by = catalog.list_owner_refs(user)

        def list_page(wanted: IndexQuery) -> Any:
            return catalog.list_entities(
                wanted.to_filter(owned_by=owned_by, starred=starred),
                order=wanted.order,
                descending=wanted.descending,
                offset=wanted.offset,
                limit=wanted.limit,
            )

        page = list_page(query)
        if query.offset and not page.items:
            query = replace(query, offset=max(0, (page.total - 1) // query.limit * query.limit))
            page = list_page(query)
        self._query = query
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

    def _list_stars(self, user: str) -> Collection[str]:
        try:
            starred = get_stars().list_refs(user)
        except SQLAlchemyError as error:
            _logger.warning("%s (%s)", NO_ANSWER, error)
            self.message = NO_ANSWER
            return frozenset()
        return starred

    def _show_query(self, query: IndexQuery) -> None:
        self.offset, self.limit = query.offset, query.limit
        self.order, self.is_descending = query.order, query.descending
        self.kind, self.type = query.kind, query.type
        self.text, self.user_list = query.text, query.user_list
        self.address = query.to_address()

    def _show_choices(self, query: IndexQuery) -> None:
        facets = get_catalog().facets(query.kind)
        self.kinds = build_kinds(facets.kinds)
        self.kind_title = next(
            (one.text for one in self.kinds if one.value == query.kind.lower()), query.kind
        )
        self.types = build_types(facets.types)
        self.has_namespaces = any(row.namespace != "default" for row in self.rows)
        pickers = [
            build_picker(
                name,
                title,
                getattr(facets, name),
                chosen=getattr(query, name),
                text=self._words.get(name, ""),
            )
            for name, title in PICKERS.items()
        ]
        self.pickers = [one for one in pickers if _is_useful(one)]


def _toggle(chosen: tuple[str, ...], value: str) -> tuple[str, ...]:
    kept = tuple(one for one in chosen if one.lower() != value.lower())
    return kept if len(kept) < len(chosen) else (*chosen, value)


def _is_useful(picker: Picker) -> bool:
    least = 2 if picker.name == "namespaces" else 1
    return bool(picker.chosen) or picker.has_search or len(picker.options) >= least
