"""A list as its handlers change it, on a hundred numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import pytest
import reflex as rx

from backstage_py.portal.address_query import (
    AddressQuery,
    UserList,
    parameter,
    user_list,
    whole,
)
from backstage_py.portal.listing import ListingState, read_page

Call = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class NumberQuery(AddressQuery):
    user_list: UserList = user_list()
    tags: tuple[str, ...] = parameter("tag", ())
    text: str = parameter("text")
    offset: int = parameter("offset", 0, read=whole)

    @property
    def limit(self) -> int:
        return 30


@dataclass(frozen=True)
class NumberPage:
    items: tuple[int, ...]
    total: int


def read(offset: int) -> NumberPage:
    return NumberPage(tuple(range(100))[offset : offset + 30], 100)


class NumberState(ListingState, rx.State):
    rows: rx.Field[list[int]] = rx.field(default_factory=list)
    _query: NumberQuery = NumberQuery()

    def _show(self, query: NumberQuery) -> None:
        page, self.offset = read_page(read, offset=query.offset, limit=query.limit)
        self._query = query
        self.rows, self.total = list(page.items), page.total


@pytest.fixture
def page() -> NumberState:
    return cast("Any", NumberState)(_reflex_internal_init=True)


@pytest.fixture
def call(page: NumberState) -> Call:
    page._show(NumberQuery())
    return lambda name, *arguments: cast("Any", NumberState.event_handlers[name]).fn(
        page, *arguments
    )


def test_a_filter_begins_at_the_first_page(page: NumberState, call: Call) -> None:
    call("turn", 2)
    assert page.rows[0] == 60

    event = call("toggle", "tags", "x")

    assert page.rows[0] == 0
    assert "?tag=x" in str(event)
    call("search", "ab")
    assert page._query == NumberQuery(tags=("x",), text="ab")
    call("clear")
    assert page._query == NumberQuery()


@pytest.mark.parametrize(("pages", "first"), [(1, 30), (3, 90), (99, 90), (-5, 0)])
def test_turning_ends_at_the_last_page(
    page: NumberState, call: Call, pages: int, first: int
) -> None:
    call("turn", pages)

    assert page.rows[0] == first
    assert (page.offset, page.total) == (first, 100)


def test_what_no_page_offers_changes_nothing(page: NumberState, call: Call) -> None:
    assert call("toggle", "limit", "x") is None
    call("choose_user_list", "everybody")

    assert page._query == NumberQuery()
