from backstage_py.plugins.techdocs.index_query import DocsQuery


def test_only_what_is_documented_is_listed() -> None:
    documented = {"component:default/a", "component:default/b"}
    starred = {"component:default/b", "component:default/c"}

    everything = DocsQuery().to_filter(documented, owned_by=(), starred=starred)
    stars = DocsQuery(user_list="starred").to_filter(documented, owned_by=(), starred=starred)
    owned = DocsQuery(user_list="owned").to_filter(documented, owned_by=("user:x",), starred=())

    assert everything.refs == documented
    assert stars.refs == {"component:default/b"}
    assert (owned.refs, owned.owned_by) == (documented, ("user:x",))
