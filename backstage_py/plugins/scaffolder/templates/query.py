"""Which templates the list shows, as its address says it.

The parameters are those of the catalog's index: `filters[user]=starred`, `filters[type]=...`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlencode

from backstage_py.plugins.scaffolder.templates.template import TemplateFilter

MULTIPLE = {"types": "type", "tags": "tags", "owners": "owners"}
"""The filters that take several values, and their names in the address."""


@dataclass(frozen=True, slots=True)
class TemplateQuery:
    """The filters of the list; what an address says wrongly is left out."""

    text: str = ""
    is_starred: bool = False
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()

    @classmethod
    def from_address(cls, query: str) -> Self:
        """Read the query of an address, with or without its question mark."""
        values = parse_qs(query.lstrip("?"))

        def many(name: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(values.get(f"filters[{name}]", ())))

        return cls(
            text=values.get("filters[text]", [""])[-1],
            is_starred=values.get("filters[user]", [""])[-1] == "starred",
            types=many("type"),
            tags=many("tags"),
            owners=many("owners"),
        )

    def to_address(self) -> str:
        """Write the query of an address."""
        pairs = [("filters[user]", "starred")] if self.is_starred else []
        for name, parameter in MULTIPLE.items():
            pairs += [(f"filters[{parameter}]", value) for value in getattr(self, name)]
        if self.text:
            pairs.append(("filters[text]", self.text))
        return urlencode(pairs, safe="[]:/")

    def to_filter(self, starred: Collection[str]) -> TemplateFilter:
        """Make the filter of it; `starred` are the references of the user's stars."""
        return TemplateFilter(
            types=self.types,
            tags=self.tags,
            owners=self.owners,
            text=self.text,
            refs=frozenset(starred) if self.is_starred else None,
        )
