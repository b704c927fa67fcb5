"""The graph of entities around its roots.

The rules are those of `useEntityRelationNodesAndEdges` of `@backstage/plugin-catalog-graph`, with
two exceptions: a relation to an entity that does not exist leads to a node that is marked as
missing, and at most `MAX_NODES` are kept, the nearest ones.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from backstage_py.plugins.catalog.api import Entity, EntityRef
from backstage_py.plugins.catalog_graph.relation_pairs import pair_of

MAX_NODES = 300

FindEntity = Callable[[EntityRef], Entity | None]


@dataclass(frozen=True, slots=True)
class GraphOptions:
    """The filters of the graph; no kinds or no relations means all of them.

    `unidirectional` ("Simplified") keeps only the edges that lead on from the roots;
    `merge_relations` merges all relations of two entities into one edge.
    """

    max_depth: int | None = None
    kinds: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    unidirectional: bool = True
    merge_relations: bool = True


@dataclass(frozen=True, slots=True)
class GraphNode:
    """An entity, or a reference to one that does not exist."""

    ref: EntityRef
    entity: Entity | None
    is_root: bool = False

    @property
    def id(self) -> str:
        """The canonical reference."""
        return str(self.ref)


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A relation between two entities; a merged edge has the types of both directions."""

    source: str
    target: str
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in the order they are reached; `left_out` is the number of nodes over the limit."""

    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    left_out: int = 0
    unknown_roots: tuple[EntityRef, ...] = ()


_Relations = dict[tuple[str, str], dict[str, None]]
"""The types of relation by the two ends; the inner keys are an ordered set."""


def build_graph(
    find: FindEntity,
    roots: Sequence[EntityRef],
    options: GraphOptions | None = None,
    *,
    limit: int = MAX_NODES,
) -> Graph:
    """Build the graph around the roots, as far as the options reach."""
    options = options or GraphOptions()
    reached = _walk(find, roots, options)
    nodes = dict(list(reached.items())[:limit])
    relations = _collect(nodes, options)
    if options.unidirectional:
        relations = _simplify(relations, list(nodes.values()), merged=options.merge_relations)
    return Graph(
        nodes=tuple(nodes.values()),
        edges=tuple(GraphEdge(*ends, tuple(types)) for ends, types in relations.items()),
        left_out=len(reached) - len(nodes),
        unknown_roots=tuple({str(root): root for root in roots if find(root) is None}.values()),
    )


def _walk(
    find: FindEntity, roots: Iterable[EntityRef], options: GraphOptions
) -> dict[str, GraphNode]:
    """Reach everything from the roots, level by level."""
    found = {str(root): entity for root in roots if (entity := find(root))}
    reached = {ref: GraphNode(each.ref, each, is_root=True) for ref, each in found.items()}
    queue = deque((node, 0) for node in reached.values())
    while queue:
        node, depth = queue.popleft()
        if options.max_depth is not None and depth >= options.max_depth:
            continue
        for _, target_ref in _list_relations(node, options):
            if target_ref not in reached and _shows_kind(target_ref, options):
                ref = EntityRef.parse(target_ref)
                entity = find(ref)
                reached[target_ref] = GraphNode(entity.ref if entity else ref, entity)
                queue.append((reached[target_ref], depth + 1))
    return reached


def _list_relations(node: GraphNode, options: GraphOptions) -> Iterator[tuple[str, str]]:
    for relation in node.entity.relations if node.entity else ():
        if not options.relations or relation.type in options.relations:
            yield relation.type, relation.target_ref


def _shows_kind(ref: str, options: GraphOptions) -> bool:
    kind = ref.partition(":")[0]
    return not options.kinds or kind in {kind.lower() for kind in options.kinds}


def _collect(nodes: Mapping[str, GraphNode], options: GraphOptions) -> _Relations:
    """Collect the relations of the nodes; if merged, the first pair sets the direction.

    The type that reads along a merged edge comes first.
    """
    relations: _Relations = {}
    for source, node in nodes.items():
        for relation_type, target in _list_relations(node, options):
            if target not in nodes:
                continue
            if not options.merge_relations:
                relations.setdefault((source, target), {})[relation_type] = None
                continue
            pair = pair_of(relation_type)
            first, second = (source, target) if pair[0] == relation_type else (target, source)
            ends = (second, first) if (second, first) in relations else (first, second)
            along = pair if ends == (first, second) else tuple(reversed(pair))
            relations.setdefault(ends, {}).update(dict.fromkeys(along))
    return relations


def _simplify(relations: _Relations, nodes: Sequence[GraphNode], *, merged: bool) -> _Relations:
    """Drop edges between nodes at the same distance from the roots, and edges back."""
    distances = _measure(relations, nodes)
    order = {node.id: (distances[node.id], index) for index, node in enumerate(nodes)}
    leading_on = {
        (source, target): types
        for (source, target), types in relations.items()
        if distances[source] != distances[target] or distances[source] == 0
    }
    if merged:
        return leading_on
    return {
        (source, target): types
        for (source, target), types in leading_on.items()
        if order[source] <= order[target] or (target, source) not in leading_on
    }


def _measure(relations: Iterable[tuple[str, str]], nodes: Sequence[GraphNode]) -> dict[str, int]:
    """The distance of each node from the nearest root in edges, ignoring their direction."""
    neighbours: defaultdict[str, list[str]] = defaultdict(list)
    for source, target in relations:
        neighbours[source].append(target)
        neighbours[target].append(source)
    distances = {node.id: 0 for node in nodes if node.is_root}
    queue = deque(distances)
    while queue:
        here = queue.popleft()
        for there in neighbours[here]:
            if there not in distances:
                distances[there] = distances[here] + 1
                queue.append(there)
    return distances
