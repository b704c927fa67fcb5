"""Small catalogs, written as lines of relations."""

from collections.abc import Iterable

from backstage_py.plugins.catalog.api import Entity, EntityRef
from backstage_py.plugins.catalog.model.entity import Relation
from backstage_py.plugins.catalog_graph.graph import FindEntity
from backstage_py.plugins.catalog_graph.relation_pairs import pair_of
from tests.unit.plugins.catalog.conftest import shared_data

__all__ = ["shared_data"]

Triple = tuple[str, str, str]


def ref(text: str) -> EntityRef:
    return EntityRef.parse(text, default_kind="component")


def opposite(relation_type: str) -> str:
    first, second = pair_of(relation_type)
    return second if relation_type == first else first


def find_in(triples: Iterable[Triple], *, missing: Iterable[str] = ()) -> FindEntity:
    """Every end is an entity, except for the missing ones; relations go both ways."""
    gone = {str(ref(text)) for text in missing}
    relations: dict[str, set[Relation]] = {}
    for source, relation_type, target in triples:
        ends = str(ref(source)), str(ref(target))
        relations.setdefault(ends[0], set()).add(Relation(relation_type, ends[1]))
        relations.setdefault(ends[1], set()).add(Relation(opposite(relation_type), ends[0]))
    entities = {
        key: Entity("v1", parsed.kind, {"name": parsed.name}, {}, tuple(sorted(found)))
        for key, found in relations.items()
        if key not in gone and (parsed := EntityRef.parse(key))
    }
    return lambda wanted: entities.get(str(wanted))


def triples(text: str) -> list[Triple]:
    """Lines of `source type target`."""
    lines = (line.split() for line in text.strip().splitlines())
    return [(source, relation_type, target) for source, relation_type, target in lines]
