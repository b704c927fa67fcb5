import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.search.page_query import PAGE_SIZES, PageQuery

_values = st.lists(st.text(min_size=1, max_size=8), unique=True, max_size=3).map(tuple)
_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=100)


@given(
    st.builds(
        PageQuery,
        term=_text,
        types=st.lists(_text.filter(bool), unique=True, max_size=2).map(tuple),
        kind=st.lists(_text.filter(bool), unique=True, max_size=2).map(tuple),
        page=st.integers(0, 999_999),
        limit=st.sampled_from(PAGE_SIZES),
    )
)
def test_an_address_holds_the_whole_query(query: PageQuery) -> None:
    assert PageQuery.from_address("?" + query.to_address()) == query


@pytest.mark.parametrize(
    "address",
    [
        "pageCursor=%FF",
        "pageCursor=LTE=",
        "pageCursor=x",
        "pageLimit=7",
        "pageLimit=-1",
        "types[]=",
    ],
)
def test_what_an_address_says_wrongly_is_left_out(address: str) -> None:
    assert PageQuery.from_address(f"query=a&{address}") == PageQuery(term="a")


def test_the_form_is_that_of_backstage() -> None:
    query = PageQuery(term="my api", types=("techdocs",), kind=("Component",), page=2, limit=10)

    assert query.to_address() == (
        "query=my+api&types[]=techdocs&filters[kind]=Component&pageCursor=Mg%3D%3D&pageLimit=10"
    )
