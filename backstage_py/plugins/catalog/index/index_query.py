"""The query of the catalog's index, in its address.

The parameters are those of Backstage's `CatalogIndexPage`: `filters[kind]=component`,
`filters[user]=owned`, `filters[owners]=...`, `limit`, `offset`. A link can be shared, and a script
may request the same list as CSV.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self, cast, get_args

from backstage_py.plugins.catalog.index.entity_filter import EntityFilter
from backstage_py.plugins.catalog.index.search_index import HAS_ERROR, IS_ORPHAN
from backstage_py.plugins.catalog.model.entity_ref import EntityRef, EntityRefError
from backstage_py.plugins.catalog.reader import OrderField
from backstage_py.portal.address_query import (
    AddressQuery,
    UserList,
    one_of,
    parameter,
    user_list,
    whole,
)

FIRST_KIND = "component"
PAGE_SIZES = (20, 50, 100)


def _read_owner(text: str) -> str:
    try:
        return str(EntityRef.parse(text, default_kind="Group"))
    except EntityRefError:
        return text


class Ordering(NamedTuple):
    """The column that rows are sorted by, and the direction."""

    key: OrderField = "title"
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `title,asc`.

        Raises:
            ValueError: If there is no such column.
        """
        key, _, direction = text.partition(",")
        return cls(cast("OrderField", one_of(*get_args(OrderField))(key)), direction == "desc")

    def __str__(self) -> str:
        return f"{self.key},{'desc' if self.descending else 'asc'}"


@dataclass(frozen=True, slots=True)
class IndexQuery(AddressQuery):
    """The filters, the order and the page."""

    kind: str = parameter("filters[kind]", FIRST_KIND, always=True)
    user_list: UserList = user_list(always=True)
    type: str = parameter("filters[type]")
    owners: tuple[str, ...] = parameter("filters[owners]", (), read=_read_owner)
    lifecycles: tuple[str, ...] = parameter("filters[lifecycles]", ())
    tags: tuple[str, ...] = parameter("filters[tags]", ())
    namespaces: tuple[str, ...] = parameter("filters[namespace]", ())
    status: tuple[str, ...] = parameter("filters[status]", (), read=one_of(IS_ORPHAN, HAS_ERROR))
    text: str = parameter("filters[text]")
    order: Ordering = parameter("orderField", Ordering(), read=Ordering.parse, write=str)
    limit: int = parameter(
        "limit", PAGE_SIZES[0], read=one_of(*PAGE_SIZES, read=whole), always=True
    )
    offset: int = parameter("offset", 0, read=whole, always=True)

    def to_filter(self, *, owned_by: Sequence[str], starred: Collection[str]) -> EntityFilter:
        """Make the filter, for a user with these owner refs and stars."""
        return EntityFilter(
            kind=self.kind,
            types=(self.type,) if self.type else (),
            owners=self.owners,
            lifecycles=self.lifecycles,
            namespaces=self.namespaces,
            tags=self.tags,
            status=self.status,
            owned_by=tuple(owned_by) if self.user_list == "owned" else None,
            refs=frozenset(starred) if self.user_list == "starred" else None,
            text=self.text,
        )
