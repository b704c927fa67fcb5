from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.catalog.index.index_query import PAGE_SIZES, IndexQuery, Ordering
from backstage_py.plugins.catalog.reader import OrderField
from backstage_py.portal.address_query import UserList

texts = st.text(min_size=1, max_size=8)
many = st.lists(texts, unique=True, max_size=3).map(tuple)
queries = st.builds(
    IndexQuery,
    kind=texts,
    type=st.text(max_size=8),
    user_list=st.sampled_from(get_args(UserList)),
    owners=st.sets(st.sampled_from(("group:default/a", "user:x/b"))).map(tuple),
    lifecycles=many,
    tags=many,
    namespaces=many,
    status=st.sets(st.sampled_from(("is-orphan", "has-error"))).map(tuple),
    text=st.text(max_size=8),
    order=st.builds(Ordering, st.sampled_from(get_args(OrderField)), st.booleans()),
    offset=st.integers(0, 999_999_999),
    limit=st.sampled_from(PAGE_SIZES),
)


@given(queries)
def test_an_address_says_everything(query: IndexQuery) -> None:
    assert IndexQuery.from_address(f"?{query.to_address()}") == query


@given(st.text(max_size=80))
def test_any_address_is_read(text: str) -> None:
    query = IndexQuery.from_address(text)

    assert query.limit in PAGE_SIZES
    assert query.offset >= 0


def test_an_address_looks_as_in_backstage() -> None:
    query = IndexQuery(kind="api", user_list="owned", owners=("group:default/a",), offset=20)

    assert query.to_address() == (
        "filters[kind]=api&filters[user]=owned&filters[owners]=group:default/a&limit=20&offset=20"
    )


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("", IndexQuery()),
        ("filters[user]=nobody&limit=7&offset=-1&orderField=up", IndexQuery()),
        ("filters[owners]=Team-A", IndexQuery(owners=("group:default/team-a",))),
        ("filters[status]=lost&filters[status]=has-error", IndexQuery(status=("has-error",))),
        ("orderField=owner,desc", IndexQuery(order=Ordering("owner", descending=True))),
    ],
)
def test_invalid_values_are_ignored(address: str, query: IndexQuery) -> None:
    assert IndexQuery.from_address(address) == query


def test_only_the_users_own_lists_narrow_by_owner_and_star() -> None:
    mine = {"owned_by": ("user:default/ann",), "starred": {"api:default/x"}}

    owned = IndexQuery(user_list="owned").to_filter(**mine)
    starred = IndexQuery(user_list="starred").to_filter(**mine)
    everything = IndexQuery().to_filter(**mine)

    assert (owned.owned_by, owned.refs) == (("user:default/ann",), None)
    assert (starred.owned_by, starred.refs) == (None, {"api:default/x"})
    assert (everything.owned_by, everything.refs) == (None, None)
