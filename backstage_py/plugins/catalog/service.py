"""Everything the catalog can tell, without a browser and without a page.

The service holds one immutable snapshot. A refresh builds the next one aside and puts it in place
in one step, so that readers in any thread always see a whole catalog.
"""

import functools
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Literal, Self

from backstage_py.analytics import load_config
from backstage_py.plugins.catalog.entity import Entity
from backstage_py.plugins.catalog.entity_filter import EntityFilter
from backstage_py.plugins.catalog.entity_ref import EntityRef
from backstage_py.plugins.catalog.errors import EntityNotFoundError, ProcessingError
from backstage_py.plugins.catalog.ingestion import Ingestion, ingest
from backstage_py.plugins.catalog.locations import CatalogLocation

__all__ = [
    "CatalogService",
    "Entity",
    "EntityFilter",
    "EntityRef",
    "FacetValue",
    "Facets",
    "OrderField",
    "Page",
    "RelatedEntity",
    "get_catalog",
]

_logger = logging.getLogger(__name__)

DEFAULT_LIMIT = 20

OrderField = Literal["title", "kind", "type", "lifecycle", "owner", "system", "description"]


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and how many there are in the whole of it."""

    items: tuple[Entity, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to filter by, and how many entities have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to filter by; owners are entity refs. Kinds count the whole catalog."""

    kinds: tuple[FacetValue, ...]
    types: tuple[FacetValue, ...]
    owners: tuple[FacetValue, ...]
    lifecycles: tuple[FacetValue, ...]
    namespaces: tuple[FacetValue, ...]
    tags: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class RelatedEntity:
    """The other end of a relation; `title` is its short reference where it does not exist."""

    relation_type: str
    ref: EntityRef
    title: str
    exists: bool


@dataclass(frozen=True, slots=True)
class _Snapshot:
    ingestion: Ingestion = field(default_factory=Ingestion)
    by_ref: Mapping[str, Entity] = field(default_factory=dict[str, Entity])


class CatalogService:
    """The catalog of the portal; empty until the first `refresh`."""

    def __init__(self, locations: Sequence[CatalogLocation], *, base_dir: Path) -> None:
        self._locations = tuple(locations)
        self._base_dir = base_dir
        self._snapshot = _Snapshot()
        self._refreshing = Lock()

    @classmethod
    def from_config(cls, locations: Iterable[Mapping[str, Any]], *, base_dir: Path) -> Self:
        """Read `catalog.locations`, a list of `{type, target}`; targets start at `base_dir`."""
        parsed = [
            CatalogLocation.from_config(location, path=f"catalog.locations[{index}]")
            for index, location in enumerate(locations)
        ]
        return cls(parsed, base_dir=base_dir)

    def refresh(self) -> None:
        """Read every location again; what broke since keeps its last good version."""
        with self._refreshing:
            previous = self._snapshot.ingestion
            ingestion = ingest(self._locations, base_dir=self._base_dir, previous=previous)
            by_ref = {entity.entity_ref: entity for entity in ingestion.entities}
            self._snapshot = _Snapshot(ingestion, by_ref)

    def list_entities(
        self,
        entity_filter: EntityFilter | None = None,
        *,
        order: OrderField = "title",
        descending: bool = False,
        offset: int = 0,
        limit: int | None = DEFAULT_LIMIT,
    ) -> Page:
        """List the entities a filter lets through, one page of them; no limit means all."""
        accepts = (entity_filter or EntityFilter()).accepts
        found = [entity for entity in self._snapshot.by_ref.values() if accepts(entity)]
        found.sort(key=_order_key(order), reverse=descending)
        end = None if limit is None else offset + limit
        return Page(tuple(found[offset:end]), len(found))

    def find_entity(self, kind: str, namespace: str, name: str) -> Entity | None:
        """Find an entity by its reference, in whatever case it is written."""
        return self._snapshot.by_ref.get(str(EntityRef(kind, namespace, name)))

    def get_entity(self, kind: str, namespace: str, name: str) -> Entity:
        """Get an entity that must be there."""
        entity = self.find_entity(kind, namespace, name)
        if entity is None:
            raise EntityNotFoundError(str(EntityRef(kind, namespace, name)))
        return entity

    def list_related(self, entity: Entity, *relation_types: str) -> list[RelatedEntity]:
        """List where the relations of an entity lead, of the given types or of all."""
        return [
            self._relate(relation.type, relation.target_ref)
            for relation in entity.relations
            if not relation_types or relation.type in relation_types
        ]

    def facets(self, kind: str = "") -> Facets:
        """Count what there is to filter by, among the entities of one kind or of all."""
        everything = list(self._snapshot.by_ref.values())
        entities = [entity for entity in everything if EntityFilter(kind=kind).accepts(entity)]
        return Facets(
            kinds=_count_values([each.kind] for each in everything),
            types=_count_values([each.type] for each in entities),
            owners=_count_values(each.list_targets("ownedBy") for each in entities),
            lifecycles=_count_values([each.lifecycle] for each in entities),
            namespaces=_count_values([each.namespace] for each in entities),
            tags=_count_values(each.tags for each in entities),
        )

    def email_of(self, user: str) -> str | None:
        """The address in the profile of a user, by the entity ref; None where there is none."""
        entity = self._snapshot.by_ref.get(user.lower())
        email = entity.profile.get("email") if entity else None
        return email if isinstance(email, str) else None

    def groups_of(self, user: str) -> list[dict[str, Any]]:
        """The group entities that a user is a member of, as Backstage's catalog API has them."""
        entity = self._snapshot.by_ref.get(user.lower())
        refs = entity.list_targets("memberOf") if entity else []
        groups = (self._snapshot.by_ref.get(ref) for ref in refs)
        return [group.to_wire() for group in groups if group is not None]

    def errors(self) -> tuple[ProcessingError, ...]:
        """List everything that was wrong with the sources at the last refresh."""
        return self._snapshot.ingestion.errors

    def _relate(self, relation_type: str, target_ref: str) -> RelatedEntity:
        target = self._snapshot.by_ref.get(target_ref)
        if target is not None:
            return RelatedEntity(relation_type, target.ref, target.title, exists=True)
        ref = EntityRef.parse(target_ref)
        return RelatedEntity(relation_type, ref, ref.humanize(), exists=False)


@functools.cache
def get_catalog() -> CatalogService:
    """The catalog of this process: `catalog.locations` of `app-config.yaml`, read at first use.

    Raises:
        CatalogConfigError: If the locations are wrong.
    """
    locations = load_config().get_optional_list("catalog.locations") or ()
    catalog = CatalogService.from_config(locations, base_dir=Path.cwd())
    catalog.refresh()
    for error in catalog.errors():
        _logger.warning("Catalog: %s", error.message)
    return catalog


def _order_key(order: OrderField) -> Callable[[Entity], tuple[str, str]]:
    def key(entity: Entity) -> tuple[str, str]:
        return _order_value(entity, order).casefold(), entity.entity_ref

    return key


def _order_value(entity: Entity, order: OrderField) -> str:
    match order:
        case "owner":
            return " ".join(entity.list_targets("ownedBy"))
        case "system":
            return " ".join(entity.list_targets("partOf"))
        case _:
            return getattr(entity, order)


def _count_values(values: Iterable[Iterable[str]]) -> tuple[FacetValue, ...]:
    counts = Counter(value for each in values for value in each if value)
    return tuple(FacetValue(value, counts[value]) for value in sorted(counts, key=str.casefold))
