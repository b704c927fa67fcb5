"""The index of one state of the catalog, by key and value.

Keys and values are the ones that Backstage writes into its `search` table
(`buildEntitySearch` of `@backstage/plugin-catalog-backend`): lower-case paths that descend through
lists, `metadata.tags.java` beside `metadata.tags`, and `relations.ownedby`. A key is indexed when
it is first asked for.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from threading import Lock
from typing import Any

from backstage_py.plugins.catalog.model.entity import ORPHAN, Entity

Ids = AbstractSet[int]

IS_ORPHAN = "is-orphan"
HAS_ERROR = "has-error"

COMMON_KEYS = (
    "kind",
    "spec.type",
    "spec.lifecycle",
    "metadata.namespace",
    "metadata.tags",
    "relations.ownedby",
)
"""The keys that the catalog's own pages use."""


class SearchIndex:
    """Finds entities by value; immutable, except that keys are indexed on first use."""

    def __init__(self, entities: Iterable[Entity]) -> None:
        self.entities: tuple[Entity, ...] = tuple(entities)
        self.by_ref: Mapping[str, Entity] = {one.entity_ref: one for one in self.entities}
        self._values: dict[str, Mapping[str, Ids]] = {}
        self._orders: dict[str, _Order] = {}
        self._indexing = Lock()

    @cached_property
    def everything(self) -> Ids:
        """All entities."""
        return frozenset(range(len(self.entities)))

    @cached_property
    def _ids_by_ref(self) -> Mapping[str, int]:
        return {ref: id_ for id_, ref in enumerate(self.by_ref)}

    @cached_property
    def _texts(self) -> Sequence[str]:
        """The text that the text filter searches, in lower case: names, and one tag per line."""
        return [
            "\n".join((one.name, one.metadata.get("title", ""), one.display_name)).lower()
            for one in self.entities
        ]

    def warm(self) -> None:
        """Index the keys of the catalog's own pages in advance."""
        for key in COMMON_KEYS:
            self.values(key)
        self.order("title")

    def values(self, key: str) -> Mapping[str, Ids]:
        """Map each value of a key to the entities that have it."""
        key = key.lower()
        with self._indexing:
            if key not in self._values:
                self._values[key] = self._index(key)
            return self._values[key]

    def with_any(self, key: str, wanted: Iterable[str]) -> Ids:
        """Find the entities that have one of the values."""
        values = self.values(key)
        found = [values[one] for one in {one.lower() for one in wanted} if one in values]
        return found[0] if len(found) == 1 else frozenset[int]().union(*found)

    def with_key(self, key: str) -> Ids:
        """Find the entities that have any value."""
        return frozenset[int]().union(*self.values(key).values())

    def with_refs(self, refs: Iterable[str]) -> Ids:
        """Find the entities of these canonical references."""
        known = self._ids_by_ref
        return frozenset(known[ref] for ref in refs if ref in known)

    @cached_property
    def orphans(self) -> Ids:
        """The entities that no location names any longer."""
        return self.with_key(f"metadata.annotations.{ORPHAN}")

    @cached_property
    def broken(self) -> Ids:
        """The entities that have an error."""
        return frozenset(
            id_
            for id_, one in enumerate(self.entities)
            if any(item.level == "error" for item in one.status)
        )

    def with_words(self, text: str, among: Ids) -> Ids:
        """Find the entities in which each word is part of a name, or is a tag."""
        texts, tags = self._texts, self.values("metadata.tags")
        found = among
        for word in text.lower().split():
            tagged = tags.get(word, frozenset[int]())
            found = frozenset(id_ for id_ in found if word in texts[id_] or id_ in tagged)
        return found

    def order(self, key: str, *, descending: bool = False) -> Iterator[int]:
        """Return all entities by a column or key, those without a value last; ties by reference."""
        with self._indexing:
            if key not in self._orders:
                self._orders[key] = self._sort(key)
            order = self._orders[key]
        return chain(reversed(order.filled) if descending else order.filled, order.empty)

    def sort(self, ids: Sequence[int], key: str, *, descending: bool) -> list[int]:
        """Sort some entities by a key, those without a value last; ties stay as they are."""
        values = {id_: _order_value(self.entities[id_], key).casefold() for id_ in ids}
        filled = sorted(
            (id_ for id_ in ids if values[id_]), key=values.__getitem__, reverse=descending
        )
        return filled + [id_ for id_ in ids if not values[id_]]

    def page(
        self, ids: Ids, *, order: str, descending: bool, offset: int, limit: int | None
    ) -> tuple[Entity, ...]:
        """Return a page of the entities, in an order."""
        end = None if limit is None else offset + limit
        chosen = (id_ for id_ in self.order(order, descending=descending) if id_ in ids)
        return tuple(self.entities[id_] for id_ in islice(chosen, offset, end))

    def count(self, key: str, among: Ids) -> Counter[str]:
        """Count how many of the entities have each value of a key."""
        whole = len(among) == len(self.entities)
        counts = {
            value: len(ids) if whole else len(ids & among)
            for value, ids in self.values(key).items()
        }
        return Counter({value: count for value, count in counts.items() if count})

    def _index(self, key: str) -> Mapping[str, Ids]:
        found: defaultdict[str, set[int]] = defaultdict(set)
        for id_, entity in enumerate(self.entities):
            for value in find_values(entity, key):
                found[value.lower()].add(id_)
        return dict(found)

    def _sort(self, key: str) -> "_Order":
        refs = list(self.by_ref)
        values = [_order_value(entity, key).casefold() for entity in self.entities]
        ids = sorted(range(len(values)), key=lambda id_: (values[id_], refs[id_]))
        filled = [id_ for id_ in ids if values[id_]]
        return _Order(filled, [id_ for id_ in ids if not values[id_]])


@dataclass(frozen=True, slots=True)
class _Order:
    """Entities in the order of their values, and those without one."""

    filled: Sequence[int]
    empty: Sequence[int]


def find_values(entity: Entity, key: str) -> Iterator[str]:
    """Return the values of a lower-case key in an entity, as they are written."""
    head, _, rest = key.partition(".")
    match head:
        case "relations":
            for relation in entity.relations:
                if relation.type.lower() == rest:
                    yield relation.target_ref
        case "apiversion" | "kind" if not rest:
            yield entity.kind if head == "kind" else entity.api_version
        case "metadata":
            yield from _descend({"namespace": entity.namespace, **entity.metadata}, rest)
        case "spec":
            yield from _descend(entity.spec, rest)
        case _:
            pass


def _descend(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            name = key.lower()
            if name == path:
                yield from _read(item)
            elif path.startswith(f"{name}."):
                yield from _descend(item, path[len(name) + 1 :])
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                if item.lower() == path:
                    yield "true"
            else:
                yield from _descend(item, path)


def _read(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _read(item)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, str | int | float):
        yield str(value)


def _order_value(entity: Entity, key: str) -> str:
    match key:
        case "title" | "kind" | "type" | "lifecycle" | "description" | "namespace":
            return getattr(entity, key)
        case "owner":
            return " ".join(entity.list_targets("ownedBy"))
        case "system":
            return " ".join(entity.list_targets("partOf"))
        case _:
            return next(find_values(entity, key.lower()), "")


def intersect(sets: Collection[Ids]) -> Ids:
    """Intersect the sets, starting with the smallest."""
    smallest, *others = sorted(sets, key=len)
    return frozenset(smallest).intersection(*others) if others else smallest
