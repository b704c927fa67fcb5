"""Reads one state of the catalog: all of it, or the part that a user may see."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from backstage_py.plugins.catalog.errors import EntityNotFoundError, ProcessingError
from backstage_py.plugins.catalog.index.entity_filter import EntityFilter
from backstage_py.plugins.catalog.index.facets import Facets, count_facets
from backstage_py.plugins.catalog.index.search_index import SearchIndex
from backstage_py.plugins.catalog.ingestion.ingestion import Ingestion
from backstage_py.plugins.catalog.model.entity import MANAGED_BY_LOCATION, Entity
from backstage_py.plugins.catalog.model.entity_ref import EntityRef
from backstage_py.portal.permissions import Condition, never

DEFAULT_LIMIT = 20
VIEW_SECONDS = 5.0
"""How long a user's view is cached before the policy is asked again."""
MAX_VIEWS = 200

OrderField = Literal[
    "title", "kind", "type", "lifecycle", "owner", "system", "namespace", "description"
]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list, and the size of the whole list."""

    items: tuple[Entity, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RelatedEntity:
    """The other end of a relation; `title` is its short reference if it does not exist."""

    relation_type: str
    ref: EntityRef
    title: str
    exists: bool


@dataclass(slots=True)
class Snapshot:
    """A state of the catalog; facets are counted on first use."""

    ingestion: Ingestion = field(default_factory=Ingestion)
    index: SearchIndex = field(default_factory=lambda: SearchIndex(()))
    facets: dict[str, Facets] = field(default_factory=dict[str, Facets])


class CatalogReader(ABC):
    """Answers questions about the catalog, each from one whole state of it."""

    @property
    @abstractmethod
    def _snapshot(self) -> Snapshot: ...

    @property
    def index(self) -> SearchIndex:
        """The index of the catalog as it is now."""
        return self._snapshot.index

    def list_entities(
        self,
        entity_filter: EntityFilter | None = None,
        *,
        order: OrderField = "title",
        descending: bool = False,
        offset: int = 0,
        limit: int | None = DEFAULT_LIMIT,
    ) -> Page:
        """List a page of the entities that match a filter; no limit means all."""
        index = self._snapshot.index
        ids = (entity_filter or EntityFilter()).select(index)
        items = index.page(ids, order=order, descending=descending, offset=offset, limit=limit)
        return Page(items, len(ids))

    def count_entities(self, entity_filter: EntityFilter) -> int:
        """Count the entities that match a filter."""
        return len(entity_filter.select(self._snapshot.index))

    def find_entity(self, kind: str, namespace: str, name: str) -> Entity | None:
        """Find an entity by its reference, ignoring case."""
        return self._by_ref.get(str(EntityRef(kind, namespace, name)))

    def get_entity(self, kind: str, namespace: str, name: str) -> Entity:
        """Get an entity that must exist."""
        entity = self.find_entity(kind, namespace, name)
        if entity is None:
            raise EntityNotFoundError(str(EntityRef(kind, namespace, name)))
        return entity

    def find_by_ref(self, entity_ref: str) -> Entity | None:
        """Find an entity by its canonical reference."""
        return self._by_ref.get(entity_ref.lower())

    def get_by_ref(self, entity_ref: str) -> Entity:
        """Get an entity that must exist, by its canonical reference.

        Raises:
            EntityNotFoundError: If there is none.
        """
        entity = self.find_by_ref(entity_ref)
        if entity is None:
            raise EntityNotFoundError(entity_ref)
        return entity

    def list_related(self, entity: Entity, *relation_types: str) -> list[RelatedEntity]:
        """List the targets of an entity's relations, of the given types or of all."""
        return [
            self._relate(relation.type, relation.target_ref)
            for relation in entity.relations
            if not relation_types or relation.type in relation_types
        ]

    def list_dangling(self, entity: Entity) -> list[str]:
        """List the short references of an entity's relations to entities that do not exist."""
        refs = {one.target_ref: None for one in entity.relations}
        return [EntityRef.parse(ref).humanize() for ref in refs if ref not in self._whole_by_ref]

    def list_ancestors(self, entity: Entity) -> list[tuple[Entity, list[Entity]]]:
        """List an entity and its ancestors, each with its parents: the Locations that name it.

        Source: `getEntityAncestry` of `@backstage/catalog-client`.
        """
        found: dict[str, tuple[Entity, list[Entity]]] = {}
        waiting = [entity]
        while waiting:
            one = waiting.pop(0)
            if one.entity_ref not in found:
                parents = self._list_parents(one)
                found[one.entity_ref] = one, parents
                waiting += parents
        return list(found.values())

    def facets(self, kind: str = "") -> Facets:
        """Count the values of all filters, among the entities of one kind or of all."""
        snapshot = self._snapshot
        kind = kind.lower()
        if kind not in snapshot.facets:
            snapshot.facets[kind] = count_facets(snapshot.index, kind)
        return snapshot.facets[kind]

    def list_owner_refs(self, user: str) -> tuple[str, ...]:
        """List the refs that a user owns through: their own, their groups' and those above."""
        if not user:
            return ()
        whole = self._whole_by_ref
        entity = whole.get(user.lower())
        waiting = entity.list_targets("memberOf") if entity else []
        found = dict.fromkeys([user.lower()])
        while waiting:
            ref = waiting.pop(0)
            if ref not in found:
                found[ref] = None
                group = whole.get(ref)
                waiting += group.list_targets("childOf") if group else []
        return tuple(found)

    def list_claims(self, user: str) -> frozenset[str]:
        """List the refs that a user counts as: their own, their groups', and those above these."""
        found = {user.lower()}
        waiting = list(self.list_owner_refs(user))
        while waiting:
            ref = waiting.pop()
            if ref not in found and (group := self._whole_by_ref.get(ref)) is not None:
                waiting += group.list_targets("childOf")
            found.add(ref)
        return frozenset(found)

    def errors(self) -> tuple[ProcessingError, ...]:
        """List all errors of the sources at the last refresh."""
        return self._snapshot.ingestion.errors

    @property
    def _whole_by_ref(self) -> Mapping[str, Entity]:
        """All entities, including those that the user may not see."""
        return self._by_ref

    @property
    def _by_ref(self) -> Mapping[str, Entity]:
        return self._snapshot.index.by_ref

    def _list_parents(self, entity: Entity) -> list[Entity]:
        parents = self._snapshot.ingestion.parents.get(
            entity.annotations.get(MANAGED_BY_LOCATION, ""), ()
        )
        found = (self._by_ref.get(ref) for ref in sorted(parents))
        return [one for one in found if one is not None and one.entity_ref != entity.entity_ref]

    def _relate(self, relation_type: str, target_ref: str) -> RelatedEntity:
        target = self._by_ref.get(target_ref)
        if target is not None:
            return RelatedEntity(relation_type, target.ref, target.title, exists=True)
        ref = EntityRef.parse(target_ref)
        return RelatedEntity(relation_type, ref, ref.humanize(), exists=False)


class CatalogView(CatalogReader):
    """The part of one state of the catalog that a user may see; the rest doesn't exist for them.

    Args:
        whole: The whole state.
        condition: Accepts the entities that they may see.
    """

    def __init__(self, whole: Snapshot, condition: Condition) -> None:
        self._whole = whole
        seen = tuple(one for one in whole.index.entities if condition(one.to_wire()))
        index = SearchIndex(seen)
        errors = tuple(
            error for error in whole.ingestion.errors if error.entity_ref in index.by_ref
        )
        self._seen = Snapshot(replace(whole.ingestion, errors=errors), index)

    @property
    def _snapshot(self) -> Snapshot:
        return self._seen

    @property
    def _whole_by_ref(self) -> Mapping[str, Entity]:
        return self._whole.index.by_ref


class ViewCache:
    """The last views of the catalog, one per user.

    Args:
        clock: A monotonic clock, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._views: dict[str, tuple[Snapshot, float, CatalogView]] = {}

    def get(self, user: str, whole: Snapshot, condition: Condition) -> CatalogView:
        """The view of a user, at most a few seconds old."""
        if condition is never:
            return CatalogView(whole, never)
        now = self._clock()
        known = self._views.pop(user, None)
        if known is None or known[0] is not whole or known[1] < now:
            known = whole, now + VIEW_SECONDS, CatalogView(whole, condition)
        self._views[user] = known
        for other in list(self._views)[:-MAX_VIEWS]:
            self._views.pop(other, None)
        return known[2]
