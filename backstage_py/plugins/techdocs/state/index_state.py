"""The index of documentation."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import starmap
from typing import Any, cast, get_args

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import load_config
from backstage_py.plugins.catalog.api import Entity, FacetValue, capture, get_catalog, get_stars
from backstage_py.plugins.techdocs.index_query import MULTIPLE, PAGE_ROWS, DocsQuery, UserList
from backstage_py.plugins.techdocs.routes import TECHDOCS_INDEX
from backstage_py.plugins.techdocs.rows import DocsRow, Option, build_docs_row, build_options
from backstage_py.plugins.techdocs.service import get_techdocs
from backstage_py.portal.address import replace_address
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)


class TechDocsIndexState(rx.State):
    """What the index shows, for the query that its address holds."""

    rows: rx.Field[list[DocsRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    offset: rx.Field[int] = rx.field(0)
    text: rx.Field[str] = rx.field("")
    user_list: rx.Field[str] = rx.field("all")
    user_counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    options: rx.Field[dict[str, list[Option]]] = rx.field(default_factory=dict)
    chosen: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    organization: rx.Field[str] = rx.field("Company")
    message: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    _query: DocsQuery = DocsQuery()

    @rx.event
    def load(self) -> None:
        """Show what the address asks for, of the catalog as it is now."""
        name = load_config().get_optional_string("organization.name")
        self.organization = name or "Company"
        self._show(DocsQuery.from_address(self.router.url.query))
        self.is_loaded = True

    @rx.event
    def choose_user_list(self, user_list: str) -> Any:
        """Show what the user owns, has starred, or everything."""
        chosen = cast("UserList", user_list if user_list in get_args(UserList) else "all")
        return self._change(replace(self._query, user_list=chosen), "user", chosen)

    @rx.event
    def toggle(self, name: str, value: str) -> Any:
        """Choose a value of a filter, or let it go."""
        if name not in MULTIPLE:
            return None
        chosen: tuple[str, ...] = getattr(self._query, name)
        others = tuple(one for one in chosen if one.lower() != value.lower())
        wanted = others if len(others) < len(chosen) else (*chosen, value)
        return self._change(replace(self._query, **{name: wanted}), name, value)

    @rx.event
    def search(self, text: str) -> Any:
        """Show what has these words in its name, title or tags."""
        return self._change(replace(self._query, text=text), "text", text)

    @rx.event
    def clear(self) -> Any:
        """Show everything."""
        return self._change(DocsQuery(), "all", "")

    @rx.event
    def turn(self, pages: int) -> Any:
        """Go some pages on, or back if negative."""
        offset = max(0, self._query.offset + pages * PAGE_ROWS)
        return self._go(replace(self._query, offset=offset))

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

    def _change(self, query: DocsQuery, name: str, value: str) -> Any:
        capture("filter", name, value=value)
        return self._go(replace(query, offset=0))

    def _go(self, query: DocsQuery) -> Any:
        """Show a query and write it into the address; as in the catalog that is no navigation."""
        self._show(query)
        return replace_address(TECHDOCS_INDEX.path, self._query.to_address())

    def _show(self, query: DocsQuery) -> None:
        catalog, user = get_catalog(), current_user(self)
        documented = get_techdocs().list_entities()
        refs = [entity.entity_ref for entity in documented]
        starred, owned_by = self._list_stars(user), catalog.list_owner_refs(user)

        def to_filter(wanted: DocsQuery) -> Any:
            return wanted.to_filter(refs, owned_by=owned_by, starred=starred)

        page = catalog.list_entities(to_filter(query), offset=query.offset, limit=PAGE_ROWS)
        if query.offset and not page.items:
            query = replace(query, offset=0)
            page = catalog.list_entities(to_filter(query), limit=PAGE_ROWS)
        self._query = query
        self.rows = [build_docs_row(catalog, one, starred=starred) for one in page.items]
        self.total, self.offset = page.total, query.offset
        self.text, self.user_list = query.text, query.user_list
        self.user_counts = {
            one: catalog.count_entities(to_filter(replace(query, user_list=one)))
            for one in get_args(UserList)
        }
        self._show_options(query, documented)

    def _show_options(self, query: DocsQuery, documented: list[Entity]) -> None:
        owners = _count(one.list_targets("ownedBy") for one in documented)
        tags = _count(one.tags for one in documented)
        self.options = {
            "owners": build_options(owners, query.owners),
            "tags": build_options(tags, query.tags),
        }
        self.chosen = {name: len(getattr(query, name)) for name in MULTIPLE}

    def _list_stars(self, user: str) -> Collection[str]:
        try:
            return get_stars().list_refs(user)
        except SQLAlchemyError as error:
            _logger.warning("Stars cannot be read: %s", error)
            self.message = "Your stars cannot be read: the database does not answer."
            return frozenset()


def _count(values: Iterable[Iterable[str]]) -> list[FacetValue]:
    counts = Counter(value for each in values for value in each)
    return list(starmap(FacetValue, counts.items()))
