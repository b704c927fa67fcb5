"""Lists whose filters and page are in the address, like the catalog's index."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

import reflex as rx

from backstage_py.portal.address_query import AddressQuery
from backstage_py.ui.address import replace_address


class Page(Protocol):
    """A page of a list, and the total of all pages."""

    @property
    def items(self) -> Sequence[Any]:
        """The entries of the page."""
        ...

    @property
    def total(self) -> int:
        """The number of entries on all pages."""
        ...


_Page = TypeVar("_Page", bound=Page)


def read_page(read: Callable[[int], _Page], *, offset: int, limit: int) -> tuple[_Page, int]:
    """Return the page at an offset, or the last page if that is past the end; and its offset."""
    page = read(offset)
    if offset and not page.items:
        offset = max(0, (page.total - 1) // limit * limit)
        page = read(offset)
    return page, offset


class ListingState(rx.State, mixin=True):
    """The handlers of a list.

    A state brings `_query`, an `AddressQuery` with its defaults, and `_show`, which shows a query
    and stores it in `_query`.
    """

    total: rx.Field[int] = rx.field(0)
    offset: rx.Field[int] = rx.field(0)
    text: rx.Field[str] = rx.field("")
    message: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)
    _query: Any = AddressQuery()

    @rx.event
    def load(self) -> None:
        """Show the list for the address's query."""
        self._show(self._query.from_address(self.router.url.query))
        self.is_loaded = True

    @rx.event
    def search(self, text: str) -> Any:
        """Show the entries that match these words."""
        return self._change(replace(self._query, text=text), "text", text)

    @rx.event
    def choose_user_list(self, user_list: str) -> Any:
        """Show what the user owns, has starred, or everything."""
        query = self._query.taking("user_list", user_list)
        return self._change(query, "user", query.user_list)

    @rx.event
    def toggle(self, name: str, value: str) -> Any:
        """Select a value of a filter, or deselect it."""
        query = self._query.toggled(name, value)
        return None if query is None else self._change(query, name, value)

    @rx.event
    def clear(self) -> Any:
        """Show everything."""
        return self._change(self._query.cleared(), "all", "")

    @rx.event
    def turn(self, pages: int) -> Any:
        """Go forward by some pages, or back if negative."""
        offset = max(0, self._query.offset + pages * self._query.limit)
        return self._go(replace(self._query, offset=offset))

    def _change(self, query: AddressQuery, name: str, value: str) -> Any:
        """Show another query from its first page; `name` and `value` are the chosen filter."""
        self._choosing(name, value)
        return self._go(query.first_page())

    def _go(self, query: AddressQuery) -> Any:
        """Show a query and write it into the address; as in Backstage that is not a navigation."""
        self._show(query)
        return replace_address(self.router.url.path, self._query.to_address())

    def _choosing(self, name: str, value: str) -> None:
        """Called with the chosen filter; a state may capture it."""

    def _show(self, query: Any) -> None:
        raise NotImplementedError
