"""The index of documentation."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import starmap
from typing import Any, get_args

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.catalog.api import (
    Entity,
    EntityListing,
    FacetValue,
    Page,
    visible_catalog,
)
from backstage_py.plugins.techdocs.index_query import DocsQuery
from backstage_py.plugins.techdocs.rows import DocsRow, Option, build_docs_row, build_options
from backstage_py.plugins.techdocs.service import get_techdocs
from backstage_py.portal.address_query import UserList
from backstage_py.portal.listing import read_page
from backstage_py.portal.session import current_user


@access(CATALOG_ENTITY_READ)
class TechDocsIndexState(EntityListing, rx.State):
    """The rows of the index, for the query in its address."""

    rows: rx.Field[list[DocsRow]] = rx.field(default_factory=list)
    user_list: rx.Field[str] = rx.field("all")
    user_counts: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    options: rx.Field[dict[str, list[Option]]] = rx.field(default_factory=dict)
    chosen: rx.Field[dict[str, int]] = rx.field(default_factory=dict)
    is_empty: rx.Field[bool] = rx.field(False)
    _query: DocsQuery = DocsQuery()

    def _show(self, query: DocsQuery) -> None:
        catalog, starred = visible_catalog(self), self._list_stars()
        owned_by = catalog.list_owner_refs(current_user(self))
        documented = [
            one for one in get_techdocs().list_entities() if catalog.find_by_ref(one.entity_ref)
        ]
        self.is_empty = not documented
        refs = [entity.entity_ref for entity in documented]

        def to_filter(wanted: DocsQuery) -> Any:
            return wanted.to_filter(refs, owned_by=owned_by, starred=starred)

        def read(offset: int) -> Page:
            return catalog.list_entities(to_filter(query), offset=offset, limit=query.limit)

        page, self.offset = read_page(read, offset=query.offset, limit=query.limit)
        self._query = replace(query, offset=self.offset)
        self.rows = [build_docs_row(catalog, one, starred=starred) for one in page.items]
        self.total = page.total
        self.text, self.user_list = query.text, query.user_list
        self.user_counts = {
            one: catalog.count_entities(to_filter(replace(query, user_list=one)))
            for one in get_args(UserList)
        }
        self._show_options(query, documented)

    def _show_options(self, query: DocsQuery, documented: list[Entity]) -> None:
        catalog = visible_catalog(self)
        owners = _count(one.list_targets("ownedBy") for one in documented)
        tags = _count(one.tags for one in documented)
        self.options = {
            "owners": build_options(owners, query.owners, catalog),
            "tags": build_options(tags, query.tags, catalog),
        }
        self.chosen = {"owners": len(query.owners), "tags": len(query.tags)}


def _count(values: Iterable[Iterable[str]]) -> list[FacetValue]:
    counts = Counter(value for each in values for value in each)
    return list(starmap(FacetValue, counts.items()))
