"""The query of the search page, in its address.

The parameters are those of Backstage's `SearchPage`: `query`, `types[]`, `filters[kind]`,
`pageCursor` (the number of the page in Base64, as upstream's engines write it).
"""

import base64
from dataclasses import dataclass

from backstage_py.plugins.search.query import MAX_TERM, SearchQuery
from backstage_py.portal.address_query import AddressQuery, one_of, parameter, whole

PAGE_SIZES = (10, 25, 50, 100)
FIRST_SIZE = 25

_FILTERS = ("kind", "lifecycle", "owner")


def _read_cursor(text: str) -> int:
    return whole(base64.b64decode(text, validate=True).decode("ascii"))


def _write_cursor(page: int) -> str:
    return base64.b64encode(str(page).encode()).decode()


@dataclass(frozen=True, slots=True)
class PageQuery(AddressQuery):
    """The term, the filters and the page."""

    term: str = parameter("query", read=lambda text: text[:MAX_TERM], always=True)
    types: tuple[str, ...] = parameter("types[]", ())
    kind: tuple[str, ...] = parameter("filters[kind]", ())
    lifecycle: tuple[str, ...] = parameter("filters[lifecycle]", ())
    owner: tuple[str, ...] = parameter("filters[owner]", ())
    page: int = parameter("pageCursor", 0, read=_read_cursor, write=_write_cursor)
    limit: int = parameter("pageLimit", FIRST_SIZE, read=one_of(*PAGE_SIZES, read=whole))

    @property
    def is_filtered(self) -> bool:
        """Whether it asks for some of the documents only."""
        return bool(self.types or self.kind or self.lifecycle or self.owner)

    def to_query(self) -> SearchQuery:
        """Make the search query."""
        filters = {name: getattr(self, name) for name in _FILTERS}
        return SearchQuery(
            term=self.term,
            types=self.types,
            filters={name: values for name, values in filters.items() if values},
            limit=self.limit,
            offset=self.page * self.limit,
        )
