"""What the index of documentation shows, as its address says it, in the catalog's form."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Self, cast, get_args
from urllib.parse import parse_qs, urlencode

from backstage_py.plugins.catalog.api import EntityFilter

UserList = Literal["owned", "starred", "all"]
MULTIPLE = ("owners", "tags")
PAGE_ROWS = 50

_DIGITS = 9


@dataclass(frozen=True, slots=True)
class DocsQuery:
    """The filters and the page; what an address says wrongly is left out."""

    user_list: UserList = "all"
    owners: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    text: str = ""
    offset: int = 0

    @classmethod
    def from_address(cls, query: str) -> Self:
        """Read the query of an address, with or without its question mark."""
        values = parse_qs(query.lstrip("?"))

        def many(name: str) -> tuple[str, ...]:
            return tuple(dict.fromkeys(values.get(f"filters[{name}]", ())))

        user_list = values.get("filters[user]", ["all"])[-1]
        offset = values.get("offset", ["0"])[-1]
        is_whole = offset.isascii() and offset.isdigit() and len(offset) <= _DIGITS
        return cls(
            user_list=cast("UserList", user_list if user_list in get_args(UserList) else "all"),
            owners=many("owners"),
            tags=many("tags"),
            text=values.get("filters[text]", [""])[-1],
            offset=int(offset) if is_whole else 0,
        )

    def to_address(self) -> str:
        """Write the query of an address."""
        pairs = [("filters[user]", self.user_list)]
        for name in MULTIPLE:
            pairs += [(f"filters[{name}]", value) for value in getattr(self, name)]
        pairs += [("filters[text]", self.text)] if self.text else []
        pairs += [("offset", str(self.offset))] if self.offset else []
        return urlencode(pairs, safe="[]:/")

    def to_filter(
        self, documented: Collection[str], *, owned_by: Sequence[str], starred: Collection[str]
    ) -> EntityFilter:
        """Make the filter of it, among the entities that have documentation."""
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
