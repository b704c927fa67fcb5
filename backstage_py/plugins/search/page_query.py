"""What the search page shows, as its address says it.

The parameters are those of Backstage's `SearchPage`: `query`, `types[]`, `filters[kind]`,
`pageCursor` (the number of the page in Base64, as upstream's engines write it).
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlencode

from backstage_py.plugins.search.query import MAX_TERM, SearchQuery

PAGE_SIZES = (10, 25, 50, 100)
FIRST_SIZE = 25

_DIGITS = 6
_FILTERS = ("kind", "lifecycle", "owner")


@dataclass(frozen=True, slots=True)
class PageQuery:
    """The term, the filters and the page; what an address says wrongly is left out."""

    term: str = ""
    types: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    lifecycle: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    page: int = 0
    limit: int = FIRST_SIZE

    @classmethod
    def from_address(cls, query: str) -> Self:
        """Read the query of an address, with or without its question mark."""
        values = parse_qs(query.lstrip("?"))

        def many(name: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(values.get(name, ())))

        size = values.get("pageLimit", [""])[-1]
        return cls(
            term=values.get("query", [""])[-1][:MAX_TERM],
            types=many("types[]"),
            kind=many("filters[kind]"),
            lifecycle=many("filters[lifecycle]"),
            owner=many("filters[owner]"),
            page=_read_cursor(values.get("pageCursor", [""])[-1]),
            limit=read_size(size),
        )

    def to_address(self) -> str:
        """Write the query of an address."""
        pairs = [("query", self.term)]
        pairs += [("types[]", value) for value in self.types]
        for name in _FILTERS:
            pairs += [(f"filters[{name}]", value) for value in getattr(self, name)]
        if self.page:
            pairs.append(("pageCursor", base64.b64encode(str(self.page).encode()).decode()))
        if self.limit != FIRST_SIZE:
            pairs.append(("pageLimit", str(self.limit)))
        return urlencode(pairs, safe="[]:/")

    def to_query(self) -> SearchQuery:
        """Make the question of it."""
        filters = {name: getattr(self, name) for name in _FILTERS}
        return SearchQuery(
            term=self.term,
            types=self.types,
            filters={name: values for name, values in filters.items() if values},
            limit=self.limit,
            offset=self.page * self.limit,
        )


def read_size(text: str) -> int:
    """Read how many results a page has; the usual number for what is none of `PAGE_SIZES`."""
    size = int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else FIRST_SIZE
    return size if size in PAGE_SIZES else FIRST_SIZE


def _read_cursor(text: str) -> int:
    try:
        number = base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        return 0
    return int(number) if number.isdigit() and len(number) <= _DIGITS else 0
