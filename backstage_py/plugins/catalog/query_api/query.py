"""Queries of the catalog in the language of Backstage's query API.

From `parseEntityFilterParams`, `parseEntityOrderFieldParams` and `parseEntityTransformParams` of
`@backstage/plugin-catalog-backend`.
"""

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from backstage_py.plugins.catalog.index.search_index import Ids, SearchIndex, find_values, intersect
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.portal.json_api import InputError

MAX_LIMIT = 10_000

FilterSet = Mapping[str, frozenset[str] | None]
"""Conditions that must all be met: a key has one of the values, or any value (None)."""


@dataclass(frozen=True, slots=True)
class OrderBy:
    """A key to sort by."""

    key: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class EntityQuery:
    """A query: filters, order and start of the page.

    `anchor` is the reference of the entity that the page begins after (or ends before, if
    `is_backwards`); `offset` is its position, in case it no longer exists.
    """

    filters: tuple[FilterSet, ...] = ()
    order: tuple[OrderBy, ...] = ()
    term: str = ""
    term_fields: tuple[str, ...] = ()
    offset: int = 0
    anchor: str = ""
    is_backwards: bool = False

    def to_cursor(self) -> str:
        """Encode the query as a cursor."""
        wire = {
            "filters": [
                {key: None if values is None else sorted(values) for key, values in one.items()}
                for one in self.filters
            ],
            "order": [[one.key, one.descending] for one in self.order],
            "term": self.term,
            "termFields": self.term_fields,
            "offset": self.offset,
            "anchor": self.anchor,
            "isBackwards": self.is_backwards,
        }
        return base64.urlsafe_b64encode(json.dumps(wire).encode()).decode().rstrip("=")

    @classmethod
    def from_cursor(cls, cursor: str) -> Self:
        """Decode a cursor.

        Raises:
            InputError: If it is not one of ours.
        """
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            wire = json.loads(base64.urlsafe_b64decode(padded.encode()))
            return cls(
                filters=tuple(
                    {
                        str(key): None if values is None else frozenset(map(str, values))
                        for key, values in one.items()
                    }
                    for one in wire["filters"]
                ),
                order=tuple(OrderBy(str(key), bool(down)) for key, down in wire["order"]),
                term=str(wire["term"]),
                term_fields=tuple(map(str, wire["termFields"])),
                offset=max(0, int(wire["offset"])),
                anchor=str(wire["anchor"]),
                is_backwards=bool(wire["isBackwards"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            hint = "must be the cursor of an answer"
            raise InputError("cursor", cursor, hint) from error


@dataclass(frozen=True, slots=True)
class QueryPage:
    """A page of results, and the queries of the previous and next page."""

    items: tuple[Entity, ...]
    total: int
    next: EntityQuery | None
    previous: EntityQuery | None


def parse_filters(texts: Sequence[str]) -> tuple[FilterSet, ...]:
    """Parse `kind=component,spec.type=service`: each text is a set; one of them must match.

    Raises:
        InputError: If a condition has no key.
    """
    filters: list[FilterSet] = []
    for text in texts:
        conditions: dict[str, set[str] | None] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            key, has_value, value = part.partition("=")
            key = key.strip().lower()
            if not key:
                raise InputError("filter", text, "must be like kind=component,metadata.name=x")
            known = conditions.setdefault(key, set())
            if not has_value:
                conditions[key] = None
            elif known is not None:
                known.add(value.strip().lower())
        if conditions:
            filters.append(
                {key: None if one is None else frozenset(one) for key, one in conditions.items()}
            )
    return tuple(filters)


def parse_order(texts: Sequence[str]) -> tuple[OrderBy, ...]:
    """Read `metadata.name,asc` or `spec.owner,desc`.

    Raises:
        InputError: If it is something else.
    """
    order: list[OrderBy] = []
    for text in texts:
        key, _, direction = text.partition(",")
        if not key or direction not in {"", "asc", "desc"}:
            raise InputError("orderField", text, "must be like metadata.name,asc")
        order.append(OrderBy(key.lower(), direction == "desc"))
    return tuple(order)


def select(index: SearchIndex, filters: Sequence[FilterSet]) -> Ids:
    """Find the entities that match at least one filter set; without sets, all match."""
    if not filters:
        return index.everything
    return frozenset[int]().union(*(_select_set(index, one) for one in filters))


def answer(index: SearchIndex, query: EntityQuery, limit: int) -> QueryPage:
    """Return a page of a query's results."""
    ids = _select_term(index, query, select(index, query.filters))
    ordered = _order(index, ids, query.order)
    start, end = _find_span(index, ordered, query, limit)
    items = tuple(index.entities[id_] for id_ in ordered[start:end])
    following = before = None
    if items and end < len(ordered):
        following = replace(query, offset=end, anchor=items[-1].entity_ref, is_backwards=False)
    if items and start > 0:
        before = replace(query, offset=start, anchor=items[0].entity_ref, is_backwards=True)
    return QueryPage(items, len(ordered), following, before)


def count_facets(index: SearchIndex, key: str, among: Ids) -> Counter[str]:
    """Count how many of the entities have each value, as it is written."""
    return Counter(
        value for id_ in among for value in set(find_values(index.entities[id_], key.lower()))
    )


def project(wire: Any, fields: Sequence[str]) -> Any:
    """Leave only the fields, such as `metadata.name`, of an entity's wire form."""
    if not fields:
        return wire
    paths: defaultdict[str, list[str]] = defaultdict(list)
    kept: dict[str, Any] = {}
    for key, value in wire.items():
        for path in fields:
            if path == key:
                kept[key] = value
            elif path.startswith(f"{key}."):
                paths[key].append(path[len(key) + 1 :])
        if key in paths and key not in kept and isinstance(value, Mapping):
            inner = project(value, paths[key])
            if inner:
                kept[key] = inner
    return kept


def _select_set(index: SearchIndex, conditions: FilterSet) -> Ids:
    return intersect(
        [
            index.with_key(key) if values is None else index.with_any(key, values)
            for key, values in conditions.items()
        ]
    )


def _select_term(index: SearchIndex, query: EntityQuery, ids: Ids) -> Ids:
    term = query.term.strip().lower()
    if not term:
        return ids
    keys = [key.lower() for key in query.term_fields] or ["metadata.name", "metadata.title"]
    return frozenset(
        id_
        for id_ in ids
        if any(
            term in value.lower() for key in keys for value in find_values(index.entities[id_], key)
        )
    )


def _order(index: SearchIndex, ids: Ids, order: Sequence[OrderBy]) -> list[int]:
    if len(order) == 1:
        [one] = order
        return [id_ for id_ in index.order(one.key, descending=one.descending) if id_ in ids]
    ordered = sorted(ids, key=lambda id_: index.entities[id_].entity_ref)
    for one in reversed(order):
        ordered = index.sort(ordered, one.key, descending=one.descending)
    return ordered


def _find_span(
    index: SearchIndex, ordered: Sequence[int], query: EntityQuery, limit: int
) -> tuple[int, int]:
    place = query.offset
    if query.anchor:
        refs = (index.entities[id_].entity_ref for id_ in ordered)
        found = next((at for at, ref in enumerate(refs) if ref == query.anchor), None)
        if found is not None:
            place = found if query.is_backwards else found + 1
    if query.is_backwards:
        return max(0, place - limit), place
    return place, min(place + limit, len(ordered))
