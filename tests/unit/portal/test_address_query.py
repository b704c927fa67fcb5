"""A dataclass and the address that says it, of which any text is taken as far as it can be."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.portal.address_query import (
    AddressQuery,
    UserList,
    one_of,
    parameter,
    user_list,
    whole,
)

_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@dataclass(frozen=True, slots=True)
class Query(AddressQuery):
    user_list: UserList = user_list(always=True)
    tags: tuple[str, ...] = parameter("filters[tags]", ())
    levels: tuple[int, ...] = parameter("level", (), read=one_of(1, 2, read=int))
    text: str = parameter("filters[text]")
    size: int = parameter("limit", 20, read=one_of(20, 50, read=whole))
    offset: int = parameter("offset", 0, read=whole)


queries = st.builds(
    Query,
    user_list=st.sampled_from(["owned", "starred", "all"]),
    tags=st.lists(_texts, unique=True, max_size=3).map(tuple),
    levels=st.sampled_from([(), (1,), (2, 1)]),
    text=st.just("") | _texts,
    size=st.sampled_from([20, 50]),
    offset=st.integers(0, 999_999_999),
)


@given(queries)
def test_an_address_says_the_whole_query(query: Query) -> None:
    assert Query.from_address(f"?{query.to_address()}") == query


@given(st.text(max_size=60))
def test_any_address_is_read(text: str) -> None:
    assert Query.from_address(text).size in {20, 50}


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("", Query()),
        ("filters[user]=nobody&limit=7&offset=-1&x&level=9", Query()),
        ("offset=9999999999&offset=3", Query(offset=3)),
        ("level=2&level=x&level=2", Query(levels=(2,))),
        ("filters[tags]=a&filters[tags]=&filters[tags]=a", Query(tags=("a",))),
    ],
)
def test_invalid_and_duplicate_values_are_left_out(address: str, query: Query) -> None:
    assert Query.from_address(address) == query


def test_defaults_are_written_only_where_they_are_asked_for() -> None:
    assert Query().to_address() == "filters[user]=all"
    assert Query(tags=("a", "b/c"), offset=20).to_address() == (
        "filters[user]=all&filters[tags]=a&filters[tags]=b/c&offset=20"
    )


def test_a_value_is_chosen_and_let_go_whatever_its_case() -> None:
    chosen = Query(tags=("a",)).toggled("tags", "Java")

    assert chosen == Query(tags=("a", "Java"))
    assert Query(tags=("a", "Java")).toggled("tags", "JAVA") == Query(tags=("a",))
    assert Query().toggled("text", "x") is None
    assert Query().toggled("__class__", "x") is None


def test_only_what_an_address_can_say_is_taken() -> None:
    assert Query().taking("size", "50") == Query(size=50)
    assert Query().taking("size", "51") == Query()
    assert Query(offset=40).first_page() == Query()
