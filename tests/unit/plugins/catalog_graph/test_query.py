from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.catalog.api import EntityRef
from backstage_py.plugins.catalog_graph.graph import GraphOptions
from backstage_py.plugins.catalog_graph.query import (
    CURVES,
    DIRECTIONS,
    GraphQuery,
    parse_depth,
    parse_query,
)

DEPTHS = "use a whole number from 1 up, or nothing for infinite"
SHOP, SALES = EntityRef.parse("component:default/shop"), EntityRef.parse("group:de/sales")


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("", GraphQuery()),
        ("?rootEntityRefs[]=component:default/shop", GraphQuery((SHOP,))),
        ("?rootEntityRefs%5B%5D=component%3Adefault%2Fshop", GraphQuery((SHOP,))),
        (
            "?rootEntityRefs[0]=component:shop&rootEntityRefs[1]=group:de/sales",
            GraphQuery((SHOP, SALES)),
        ),
        ("?rootEntityRefs=component:shop&rootEntityRefs=Component:Shop", GraphQuery((SHOP,))),
        ("?maxDepth=3", GraphQuery(options=GraphOptions(max_depth=3))),
        ("?maxDepth=%E2%88%9E&showFilters=true&utm=x", GraphQuery(options=GraphOptions())),
        (
            "?selectedKinds[]=API&selectedKinds[]=system",
            GraphQuery(options=GraphOptions(1, kinds=("api", "system"))),
        ),
        (
            "?selectedRelations[]=ownedBy",
            GraphQuery(options=GraphOptions(1, relations=("ownedBy",))),
        ),
        (
            "?unidirectional=false&mergeRelations=false",
            GraphQuery(options=GraphOptions(1, unidirectional=False, merge_relations=False)),
        ),
        (
            "?unidirectional=true&mergeRelations=true&direction=LR&curve=curveMonotoneX",
            GraphQuery(),
        ),
        (
            "?direction=BT&curve=curveStepBefore",
            GraphQuery(direction="BT", curve="curveStepBefore"),
        ),
    ],
)
def test_an_address_is_read(address: str, query: GraphQuery) -> None:
    parsed = parse_query(address)

    assert (parsed.query, parsed.problems) == (query, ())


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("maxDepth=0", f"maxDepth is '0': {DEPTHS}"),
        ("maxDepth=-1", f"maxDepth is '-1': {DEPTHS}"),
        ("maxDepth=2.5", f"maxDepth is '2.5': {DEPTHS}"),
        ("maxDepth=²", f"maxDepth is '²': {DEPTHS}"),
        ("unidirectional=yes", "unidirectional is 'yes': use one of true, false"),
        ("mergeRelations=1", "mergeRelations is '1': use one of true, false"),
        ("direction=up", "direction is 'up': use one of LR, RL, TB, BT"),
        ("curve=wild", "curve is 'wild': use one of curveMonotoneX, curveStepBefore"),
        (
            "rootEntityRefs[]=nonsense",
            (
                "rootEntityRefs: 'nonsense' is not an entity reference: the kind must be written, "
                "as in component:my-service"
            ),
        ),
    ],
)
def test_invalid_parts_are_reported_and_the_rest_is_kept(address: str, problem: str) -> None:
    parsed = parse_query(f"{address}&rootEntityRefs[]=component:shop&selectedKinds[]=api")

    assert parsed.problems == (problem,)
    assert parsed.query == GraphQuery((SHOP,), GraphOptions(1, kinds=("api",)))


@pytest.mark.parametrize(("text", "depth"), [("", None), (" ∞ ", None), ("1", 1), (" 007 ", 7)])
def test_a_depth(text: str, depth: int | None) -> None:
    assert parse_depth(text) == depth


def test_an_address_says_only_what_is_not_the_default() -> None:
    assert GraphQuery().address == "/catalog-graph"
    assert GraphQuery((SHOP,), GraphOptions(max_depth=1)).address == (
        "/catalog-graph?rootEntityRefs[]=component:default/shop&maxDepth=1"
    )


letters = st.characters(codec="utf-8")
texts = st.text(letters, min_size=1, max_size=6).filter(str.strip)
names = st.text(letters.filter(lambda letter: letter not in ":/"), min_size=1, max_size=6)
queries = st.builds(
    GraphQuery,
    roots=st.lists(st.builds(EntityRef, names, names, names), max_size=2, unique_by=str).map(tuple),
    options=st.builds(
        GraphOptions,
        max_depth=st.none() | st.integers(1, 999_999_999),
        kinds=st.lists(st.sampled_from(["api", "user"]), unique=True).map(tuple),
        relations=st.lists(texts, unique=True, max_size=2).map(tuple),
        unidirectional=st.booleans(),
        merge_relations=st.booleans(),
    ),
    direction=st.sampled_from(list(DIRECTIONS)),
    curve=st.sampled_from(list(CURVES)),
)


@given(queries)
def test_an_address_leads_back_to_what_it_was_made_of(query: GraphQuery) -> None:
    parsed = parse_query(query.address.partition("?")[2])

    assert parsed.problems == ()
    assert [str(root) for root in parsed.query.roots] == [str(root).lower() for root in query.roots]
    assert replace(parsed.query, roots=()) == replace(query, roots=())


@given(st.text())
def test_no_address_breaks_it(text: str) -> None:
    parse_query(text)
