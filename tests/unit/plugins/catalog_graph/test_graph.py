from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.catalog.api import EntityRef
from backstage_py.plugins.catalog_graph.graph import Graph, GraphOptions, build_graph
from backstage_py.plugins.catalog_graph.relation_pairs import RELATION_TYPES
from backstage_py.plugins.catalog_graph.service import CatalogGraphService
from tests.unit.plugins.catalog.conftest import load_catalog
from tests.unit.plugins.catalog_graph.conftest import Triple, find_in, ref, triples

SHOP = triples("""
    shop ownedBy group:sales
    shop partOf system:store
    till partOf system:store
    till ownedBy group:sales
    shop providesApi api:orders
    till consumesApi api:orders
    api:orders ownedBy group:backend
    user:ann memberOf group:sales
""")


def short(graph: Graph) -> list[str]:
    return sorted(node.ref.name for node in graph.nodes)


def edges(graph: Graph) -> list[str]:
    def name(text: str) -> str:
        return text.rpartition("/")[2]

    return sorted(
        f"{name(edge.source)} {'/'.join(edge.relations)} {name(edge.target)}"
        for edge in graph.edges
    )


def draw(*roots: str, **options: Any) -> Graph:
    return build_graph(find_in(SHOP), [ref(root) for root in roots], GraphOptions(**options))


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({"max_depth": 1}, ["orders", "sales", "shop", "store"]),
        ({"max_depth": 2}, ["ann", "backend", "orders", "sales", "shop", "store", "till"]),
        ({}, ["ann", "backend", "orders", "sales", "shop", "store", "till"]),
        ({"kinds": ("api",)}, ["orders", "shop"]),
        ({"kinds": ("API", "group")}, ["backend", "orders", "sales", "shop"]),
        ({"kinds": ("user",)}, ["shop"]),
        ({"relations": ("ownedBy",)}, ["sales", "shop"]),
        ({"relations": ("ownedBy", "ownerOf")}, ["sales", "shop", "till"]),
        ({"relations": ("nothingSuch",)}, ["shop"]),
        ({"relations": ("partOf", "hasPart"), "max_depth": 1}, ["shop", "store"]),
    ],
)
def test_nodes_reached_from_a_component(options: dict[str, Any], names: list[str]) -> None:
    assert short(draw("shop", **options)) == names


def test_a_merged_graph_has_one_edge_for_each_pair_from_its_primary_end() -> None:
    assert edges(draw("shop", max_depth=1)) == [
        "orders apiProvidedBy/providesApi shop",
        "sales ownerOf/ownedBy shop",
        "store hasPart/partOf shop",
    ]


def test_several_pairs_between_two_entities_are_one_merged_edge() -> None:
    find = find_in(triples("a dependsOn b\na partOf b"))

    graph = build_graph(find, [ref("a")])

    assert edges(graph) == ["a dependsOn/dependencyOf/partOf/hasPart b"]


def test_an_edge_is_merged_also_if_only_one_of_its_types_is_followed() -> None:
    assert edges(draw("shop", relations=("ownedBy",))) == ["sales ownerOf/ownedBy shop"]


def test_unmerged_there_is_an_edge_each_way() -> None:
    graph = draw("shop", max_depth=1, kinds=("api",), merge_relations=False, unidirectional=False)

    assert edges(graph) == ["orders apiProvidedBy shop", "shop providesApi orders"]


def test_simplified_and_unmerged_every_edge_leads_on_from_the_root() -> None:
    assert edges(draw("shop", max_depth=2, merge_relations=False)) == [
        "orders apiConsumedBy till",
        "orders ownedBy backend",
        "sales hasMember ann",
        "sales ownerOf till",
        "shop ownedBy sales",
        "shop partOf store",
        "shop providesApi orders",
        "store hasPart till",
    ]


def test_simplified_leaves_out_what_joins_two_entities_as_far_from_the_root() -> None:
    find = find_in(triples("root hasPart a\nroot hasPart b\na dependsOn b"))

    assert edges(build_graph(find, [ref("root")])) == [
        "root hasPart/partOf a",
        "root hasPart/partOf b",
    ]
    assert edges(build_graph(find, [ref("root")], GraphOptions(unidirectional=False))) == [
        "a dependsOn/dependencyOf b",
        "root hasPart/partOf a",
        "root hasPart/partOf b",
    ]


def test_simplified_keeps_what_joins_two_roots() -> None:
    graph = draw("shop", "group:sales", kinds=("user",), merge_relations=False)

    assert edges(graph) == ["sales hasMember ann", "shop ownedBy sales"]


def test_an_edge_that_only_leads_back_stays_if_there_is_no_other() -> None:
    find = find_in(triples("root hasPart a\na hasPart b\nb hasPart root"))
    options = GraphOptions(relations=("hasPart",), merge_relations=False)

    assert edges(build_graph(find, [ref("root")], options)) == [
        "b hasPart root",
        "root hasPart a",
    ]


def test_an_entity_that_does_not_exist_is_a_node_but_not_as_a_root() -> None:
    find = find_in(triples("a dependsOn b"), missing=["b"])

    graph = build_graph(find, [ref("a"), ref("ghost"), ref("Ghost")])

    assert [(node.ref.name, node.entity is None) for node in graph.nodes] == [
        ("a", False),
        ("b", True),
    ]
    assert edges(graph) == ["a dependsOn/dependencyOf b"]
    assert [str(root) for root in graph.unknown_roots] == ["component:default/ghost"]


def test_roots_are_shown_once_whatever_their_kind_and_case() -> None:
    graph = draw("shop", "Shop", "till", kinds=("api",))

    assert [node.ref.name for node in graph.nodes if node.is_root] == ["shop", "till"]


def test_the_nearest_nodes_are_kept_and_the_others_counted() -> None:
    find = find_in([("hub", "dependsOn", f"spoke{number}") for number in range(400)])

    graph = build_graph(find, [ref("hub")])
    small = build_graph(find, [ref("hub")], limit=3)

    assert (len(graph.nodes), len(graph.edges), graph.left_out) == (300, 299, 101)
    assert (len(small.nodes), len(small.edges), small.left_out) == (3, 2, 398)


@pytest.mark.parametrize(
    ("root", "options", "nodes", "edge_count"),
    [
        ("component:default/artist-lookup", {"max_depth": 1}, 5, 4),
        ("component:default/artist-lookup", {}, 54, 57),
        ("component:default/artist-lookup", {"merge_relations": False}, 54, 57),
        ("component:default/artist-lookup", {"unidirectional": False}, 54, 76),
        ("domain:default/artists", {"unidirectional": False, "merge_relations": False}, 54, 152),
        ("domain:default/artists", {"kinds": ("component", "api", "system")}, 4, 3),
        ("user:default/guest", {"max_depth": 1}, 5, 4),
        ("group:default/infrastructure", {"kinds": ("component",)}, 1, 0),
        ("location:default/example-components", {}, 1, 0),
    ],
)
def test_the_example_catalog(
    shared_data: Path,
    root: str,
    options: dict[str, Any],
    nodes: int,
    edge_count: int,
) -> None:
    service = CatalogGraphService(
        load_catalog(shared_data / "catalog", "all.yaml", "acme-corp.yaml")
    )

    graph = service.graph([EntityRef.parse(root)], GraphOptions(**options))

    assert (len(graph.nodes), len(graph.edges), graph.left_out) == (nodes, edge_count, 0)


names = st.sampled_from(["a", "b", "c", "d", "group:e", "api:f", "api:g", "user:h"])
graphs = st.lists(st.tuples(names, st.sampled_from(RELATION_TYPES), names), max_size=20)
options_of = st.builds(
    GraphOptions,
    max_depth=st.none() | st.integers(1, 4),
    kinds=st.lists(st.sampled_from(["component", "api", "group"]), max_size=2).map(tuple),
    relations=st.lists(st.sampled_from(RELATION_TYPES), max_size=4).map(tuple),
    unidirectional=st.booleans(),
    merge_relations=st.booleans(),
)


def component_of(start: set[str], pairs: set[tuple[str, str]]) -> set[str]:
    neighbours: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in pairs:
        neighbours[one].add(other)
        neighbours[other].add(one)
    found, queue = set(start), list(start)
    while queue:
        new = neighbours[queue.pop()] - found
        found |= new
        queue += new
    return found


@given(graphs, options_of, st.lists(names, min_size=1, max_size=2), st.integers(1, 9))
def test_whatever_the_options_the_graph_is_whole(
    relations: list[Triple], options: GraphOptions, roots: list[str], limit: int
) -> None:
    find = find_in(relations, missing=["d", "user:h"])

    graph = build_graph(find, [ref(root) for root in roots], options, limit=limit)

    ids = [node.id for node in graph.nodes]
    ends = {(edge.source, edge.target) for edge in graph.edges}
    starts = {node.id for node in graph.nodes if node.is_root}
    reachable = component_of(
        {str(ref(root)) for root in roots},
        {(str(ref(source)), str(ref(target))) for source, _, target in relations},
    )
    assert len(ids) == len(set(ids)) <= limit
    assert set(ids) <= reachable
    assert {end for pair in ends for end in pair} <= set(ids)
    assert len(ends) == len(graph.edges)
    assert component_of(starts, ends) == set(ids)
    assert all(edge.relations for edge in graph.edges)


@given(graphs, options_of, names)
def test_merging_and_simplifying_change_no_node(
    relations: list[Triple], options: GraphOptions, root: str
) -> None:
    find = find_in(relations)

    graph = build_graph(find, [ref(root)], options)
    plain = build_graph(
        find,
        [ref(root)],
        replace(options, unidirectional=False, merge_relations=False),
    )

    assert graph.nodes == plain.nodes
    assert {frozenset((edge.source, edge.target)) for edge in graph.edges} <= {
        frozenset((edge.source, edge.target)) for edge in plain.edges
    }
