"""The query of the documentation's index, in its address, in the catalog's form."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from backstage_py.plugins.catalog.api import EntityFilter
from backstage_py.portal.address_query import AddressQuery, UserList, parameter, user_list, whole


@dataclass(frozen=True, slots=True)
class DocsQuery(AddressQuery):
    """The filters and the page."""

    user_list: UserList = user_list(always=True)
    owners: tuple[str, ...] = parameter("filters[owners]", ())
    tags: tuple[str, ...] = parameter("filters[tags]", ())
    text: str = parameter("filters[text]")
    offset: int = parameter("offset", 0, read=whole)

    @property
    def limit(self) -> int:
        """The number of rows per page."""
        return 50

    def to_filter(
        self, documented: Collection[str], *, owned_by: Sequence[str], starred: Collection[str]
    ) -> EntityFilter:
        """Make the filter, limited to entities that have documentation."""
        refs = frozenset(documented)
        if self.user_list == "starred":
            refs &= frozenset(starred)
        return EntityFilter(
            owners=self.owners,
            tags=self.tags,
            text=self.text,
            refs=refs,
            owned_by=tuple(owned_by) if self.user_list == "owned" else None,
        )
