"""The query of the list of templates, in its address."""

from collections.abc import Collection
from dataclasses import dataclass

from backstage_py.plugins.scaffolder.templates.template import TemplateFilter
from backstage_py.portal.address_query import AddressQuery, UserList, parameter, user_list


@dataclass(frozen=True, slots=True)
class TemplateQuery(AddressQuery):
    """The filters of the list."""

    user_list: UserList = user_list()
    types: tuple[str, ...] = parameter("filters[type]", ())
    tags: tuple[str, ...] = parameter("filters[tags]", ())
    owners: tuple[str, ...] = parameter("filters[owners]", ())
    text: str = parameter("filters[text]")

    def to_filter(self, starred: Collection[str]) -> TemplateFilter:
        """Make the filter; `starred` are the references of the user's stars."""
        return TemplateFilter(
            types=self.types,
            tags=self.tags,
            owners=self.owners,
            text=self.text,
            refs=frozenset(starred) if self.user_list == "starred" else None,
        )
