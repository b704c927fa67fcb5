"""The rows of a graph: flat, typed, with the addresses of the nodes' pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from backstage_py.plugins.catalog.api import Entity, EntityRef
from backstage_py.plugins.catalog_graph.graph import Graph, GraphEdge, GraphNode
from backstage_py.plugins.catalog_graph.query import GraphQuery
from backstage_py.plugins.catalog_graph.relation_pairs import WORDS, pair_of


@dataclass(frozen=True)
class NodeRow:
    """A node; `subject` is the subject of clicks on it."""

    id: str
    title: str
    kind: str
    subject: str
    is_root: bool
    is_missing: bool
    entity_path: str
    graph_path: str


@dataclass(frozen=True)
class EdgeRow:
    """An edge with the ids of its ends; the label reads from the source to the target."""

    source: str
    target: str
    label: str


@dataclass(frozen=True)
class GraphRows:
    """A graph, and the number of nodes left out."""

    nodes: list[NodeRow] = field(default_factory=list)
    edges: list[EdgeRow] = field(default_factory=list)
    left_out: int = 0


@dataclass(frozen=True)
class Choice:
    """A checkbox of a filter."""

    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True)
class Suggestion:
    """An entity suggested as the root."""

    title: str
    kind: str
    path: str


def build_graph_rows(graph: Graph, query: GraphQuery) -> GraphRows:
    """Build the rows of a graph; a node leads to the same view with it as the root."""
    return GraphRows(
        [_build_node(node, query) for node in graph.nodes],
        [EdgeRow(edge.source, edge.target, build_label(edge)) for edge in graph.edges],
        graph.left_out,
    )


def build_label(edge: GraphEdge) -> str:
    """Build the label of an edge, with the other type of a pair for the opposite direction."""
    words = list[str]()
    types = list(edge.relations)
    while types:
        first = types.pop(0)
        words.append(WORDS.get(first, first))
        if types and types[0] != first and types[0] in pair_of(first):
            types.pop(0)
    return ", ".join(words)


def build_choices(values: Iterable[str], chosen: Iterable[str]) -> list[Choice]:
    """Build the checkboxes of a filter; selected values have one even if they do not occur."""
    chosen = {value.lower(): value for value in chosen}
    texts = {**chosen, **{value.lower(): value for value in values}}
    return [Choice(text, text, key in chosen) for key, text in sorted(texts.items())]


def build_suggestion(entity: Entity, query: GraphQuery) -> Suggestion:
    """Build the link to the graph of an entity."""
    address = query.with_roots(entity.ref).address
    return Suggestion(entity.title, entity.kind.lower(), address)


def title_of(ref: EntityRef, entity: Entity | None) -> str:
    """The entity's title, else its short reference, as in Backstage's events."""
    if entity is None:
        return ref.humanize()
    return entity.metadata.get("title") or entity.display_name or ref.humanize()


def _build_node(node: GraphNode, query: GraphQuery) -> NodeRow:
    return NodeRow(
        id=node.id,
        title=node.entity.title if node.entity else node.ref.name,
        kind=node.ref.kind.lower(),
        subject=title_of(node.ref, node.entity),
        is_root=node.is_root,
        is_missing=node.entity is None,
        entity_path=node.ref.page_path,
        graph_path=query.with_roots(node.ref).address,
    )
