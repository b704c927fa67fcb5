import pytest

from backstage_py.plugins.techdocs.index_query import DocsQuery


@pytest.mark.parametrize(
    "query",
    [
        DocsQuery(),
        DocsQuery(
            user_list="owned",
            owners=("group:default/a", "user:default/b"),
            tags=("java",),
            text="a b",
            offset=50,
        ),
    ],
)
def test_an_address_holds_the_whole_query(query: DocsQuery) -> None:
    assert DocsQuery.from_address(f"?{query.to_address()}") == query


@pytest.mark.parametrize("address", ["filters[user]=nobody", "offset=-1", "offset=9999999999", "x"])
def test_what_an_address_says_wrongly_is_left_out(address: str) -> None:
    assert DocsQuery.from_address(address) == DocsQuery()


def test_only_what_is_documented_is_listed() -> None:
    documented = {"component:default/a", "component:default/b"}
    starred = {"component:default/b", "component:default/c"}

    everything = DocsQuery().to_filter(documented, owned_by=(), starred=starred)
    stars = DocsQuery(user_list="starred").to_filter(documented, owned_by=(), starred=starred)
    owned = DocsQuery(user_list="owned").to_filter(documented, owned_by=("user:x",), starred=())

    assert everything.refs == documented
    assert stars.refs == {"component:default/b"}
    assert (owned.refs, owned.owned_by) == (documented, ("user:x",))
