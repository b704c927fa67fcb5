"""The relations between entities, in both directions, from the references in their specs.

From `BuiltinKindsEntityProcessor` of Backstage 1.54. Relations are output only: a descriptor does
not write them, and one to an entity that does not exist is kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backstage_py.plugins.catalog.model.entity import Entity, Relation
from backstage_py.plugins.catalog.model.entity_ref import EntityRef
from backstage_py.plugins.catalog.model.kinds import INVERSE_RELATIONS, KINDS, RelationField


def build_relations(entities: Iterable[Entity]) -> dict[str, tuple[Relation, ...]]:
    """Map each canonical ref to its sorted relations, without duplicates."""
    relations: defaultdict[str, set[Relation]] = defaultdict(set)
    for entity in entities:
        source_ref = entity.entity_ref
        for relation in _list_own_relations(entity):
            relations[source_ref].add(relation)
            inverse = Relation(INVERSE_RELATIONS[relation.type], source_ref)
            relations[relation.target_ref].add(inverse)
    return {ref: tuple(sorted(found)) for ref, found in relations.items()}


def list_refs(spec: Mapping[str, Any], field: RelationField) -> Iterator[tuple[str, str]]:
    """List the references in a field, with their places in it (`[2]`, or empty)."""
    value = spec.get(field.name)
    if isinstance(value, str) and value:
        yield "", value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str) and item:
                yield f"[{index}]", item


def parse_target(
    text: str, field: RelationField, *, default_namespace: str | None = None
) -> EntityRef:
    """Read a reference with the defaults of the field it is in."""
    return EntityRef.parse(
        text, default_kind=field.default_kind, default_namespace=default_namespace
    )


def _list_own_relations(entity: Entity) -> Iterator[Relation]:
    kind = KINDS.get(entity.kind.lower())
    for field in kind.relations if kind else ():
        for _, text in list_refs(entity.spec, field):
            target = parse_target(text, field, default_namespace=entity.namespace)
            yield Relation(field.type, str(target))
