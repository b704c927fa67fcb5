"""What the catalog's index shows, as its address says it.

The parameters are those of Backstage's `CatalogIndexPage`: `filters[kind]=component`,
`filters[user]=owned`, `filters[owners]=...`, `limit`, `offset`. A link can be shared, and a script
may ask for the same as CSV.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Self, cast, get_args
from urllib.parse import parse_qs, urlencode

from backstage_py.plugins.catalog.index.entity_filter import EntityFilter
from backstage_py.plugins.catalog.index.search_index import HAS_ERROR, IS_ORPHAN
from backstage_py.plugins.catalog.model.entity_ref import EntityRef, EntityRefError
from backstage_py.plugins.catalog.service import OrderField

UserList = Literal["owned", "starred", "all"]

FIRST_KIND = "component"
PAGE_SIZES = (20, 50, 100)
MULTIPLE = {
    "owners": "owners",
    "lifecycles": "lifecycles",
    "tags": "tags",
    "namespaces": "namespace",
    "status": "status",
}
"""The filters that take several values, and their names in the address."""

_ORDERS: tuple[str, ...] = get_args(OrderField)
_DIGITS = 9
_STATUS = (IS_ORPHAN, HAS_ERROR)


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """The filters, the order and the page; what an address says wrongly is left out."""

    kind: str = FIRST_KIND
    type: str = ""
    user_list: UserList = "all"
    owners: tuple[str, ...] = ()
    lifecycles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    text: str = ""
    order: OrderField = "title"
    descending: bool = False
    offset: int = 0
    limit: int = PAGE_SIZES[0]

    @classmethod
    def from_address(cls, query: str) -> Self:
        """Read the query of an address, with or without its question mark."""
        values = parse_qs(query.lstrip("?"))

        def one(name: str, default: str = "") -> str:
            return values.get(name, [default])[-1]

        def many(name: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(values.get(f"filters[{name}]", ())))

        user_list, order = one("filters[user]", "all"), one("orderField", "title,asc")
        key, _, direction = order.partition(",")
        return cls(
            kind=one("filters[kind]", FIRST_KIND),
            type=one("filters[type]"),
            user_list=cast("UserList", user_list if user_list in get_args(UserList) else "all"),
            owners=tuple(dict.fromkeys(map(_read_owner, many("owners")))),
            lifecycles=many("lifecycles"),
            tags=many("tags"),
            namespaces=many("namespace"),
            status=tuple(status for status in many("status") if status in _STATUS),
            text=one("filters[text]"),
            order=cast("OrderField", key if key in _ORDERS else "title"),
            descending=direction == "desc",
            offset=_read_whole(one("offset"), 0),
            limit=_read_limit(one("limit")),
        )

    def to_address(self) -> str:
        """Write the query of an address."""
        pairs = [("filters[kind]", self.kind), ("filters[user]", self.user_list)]
        pairs += [("filters[type]", self.type)] if self.type else []
        for field, name in MULTIPLE.items():
            pairs += [(f"filters[{name}]", value) for value in getattr(self, field)]
        pairs += [("filters[text]", self.text)] if self.text else []
        if (self.order, self.descending) != ("title", False):
            pairs.append(("orderField", f"{self.order},{'desc' if self.descending else 'asc'}"))
        pairs += [("limit", str(self.limit)), ("offset", str(self.offset))]
        return urlencode(pairs, safe="[]:/")

    def to_filter(self, *, owned_by: Sequence[str], starred: Collection[str]) -> EntityFilter:
        """Make the filter of it, for a user who owns by some refs and has starred others."""
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


def _read_owner(text: str) -> str:
    try:
        return str(EntityRef.parse(text, default_kind="Group"))
    except EntityRefError:
        return text


def _read_whole(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else default


def _read_limit(text: str) -> int:
    limit = _read_whole(text, PAGE_SIZES[0])
    return limit if limit in PAGE_SIZES else PAGE_SIZES[0]
