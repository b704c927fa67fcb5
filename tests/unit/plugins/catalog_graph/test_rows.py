import pytest

from backstage_py.plugins.catalog.api import Entity, EntityRef
from backstage_py.plugins.catalog_graph.graph import GraphEdge, GraphOptions, build_graph
from backstage_py.plugins.catalog_graph.query import GraphQuery
from backstage_py.plugins.catalog_graph.rows import (
    Choice,
    NodeRow,
    build_choices,
    build_graph_rows,
    build_label,
    title_of,
)
from tests.unit.plugins.catalog_graph.conftest import find_in, ref, triples


def test_a_node_leads_to_the_same_view_around_itself_and_to_its_page() -> None:
    query = GraphQuery((ref("a"),), GraphOptions(max_depth=1))
    find = find_in(triples("a providesApi api:b"), missing=["api:b"])

    rows = build_graph_rows(build_graph(find, query.roots, query.options), query)

    assert rows.nodes[1] == NodeRow(
        id="api:default/b",
        title="b",
        kind="api",
        subject="api:b",
        is_root=False,
        is_missing=True,
        entity_path="/catalog/default/api/b",
        graph_path="/catalog-graph?rootEntityRefs[]=api:default/b&maxDepth=1",
    )
    assert [node.is_root for node in rows.nodes] == [True, False]


@pytest.mark.parametrize(
    ("types", "label"),
    [
        (("ownedBy",), "owned by"),
        (("ownerOf", "ownedBy"), "owns"),
        (("ownedBy", "ownerOf"), "owned by"),
        (("consumesApi", "apiConsumedBy", "partOf", "hasPart"), "uses API, part of"),
        (("deployedTo",), "deployedTo"),
    ],
)
def test_an_edge_says_in_a_word_what_its_source_is_to_its_target(
    types: tuple[str, ...], label: str
) -> None:
    assert build_label(GraphEdge("a", "b", types)) == label


def test_a_merged_edge_reads_in_its_own_direction() -> None:
    relations = "a providesApi api:b\napi:b ownedBy a\na ownerOf api:b"
    find = find_in(triples(relations))
    query = GraphQuery((ref("a"),), GraphOptions(max_depth=1))

    rows = build_graph_rows(build_graph(find, query.roots, query.options), query)

    assert [(one.source, one.target, one.label) for one in rows.edges] == [
        ("component:default/a", "api:default/b", "owns, provides API")
    ]


@pytest.mark.parametrize(
    ("entity", "title"),
    [
        (None, "component:shop"),
        (Entity("v1", "Component", {"name": "shop"}, {}), "component:shop"),
        (Entity("v1", "Component", {"name": "shop", "title": "Shop"}, {}), "Shop"),
        (Entity("v1", "User", {"name": "ann"}, {"profile": {"displayName": "Ann"}}), "Ann"),
    ],
)
def test_an_event_has_the_title_or_the_reference(entity: Entity | None, title: str) -> None:
    assert title_of(EntityRef("Component", "default", "shop"), entity) == title


def test_a_chosen_kind_that_is_not_there_can_be_unchosen() -> None:
    assert build_choices(["API", "User"], ["api", "robot"]) == [
        Choice("API", "API", is_chosen=True),
        Choice("robot", "robot", is_chosen=True),
        Choice("User", "User", is_chosen=False),
    ]
