"""The values that a list can be filtered by, with the count of entities for each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from backstage_py.plugins.catalog.index.search_index import HAS_ERROR, IS_ORPHAN, Ids, SearchIndex


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value to filter by, and how many entities have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The values of all filters; owners are entity refs. Kinds count the whole catalog."""

    kinds: tuple[FacetValue, ...]
    types: tuple[FacetValue, ...]
    owners: tuple[FacetValue, ...]
    lifecycles: tuple[FacetValue, ...]
    namespaces: tuple[FacetValue, ...]
    tags: tuple[FacetValue, ...]
    status: tuple[FacetValue, ...]


def count_facets(index: SearchIndex, kind: str) -> Facets:
    """Count among the entities of a kind, in lower case; the empty one means all."""
    among: Ids = index.with_any("kind", (kind,)) if kind else index.everything
    entities = [index.entities[id_] for id_ in among]
    status = {IS_ORPHAN: len(index.orphans & among), HAS_ERROR: len(index.broken & among)}
    return Facets(
        kinds=_count_values([each.kind] for each in index.entities),
        types=_count_values([each.type] for each in entities),
        owners=_count_values(each.list_targets("ownedBy") for each in entities),
        lifecycles=_count_values([each.lifecycle] for each in entities),
        namespaces=_count_values([each.namespace] for each in entities),
        tags=_count_values(each.tags for each in entities),
        status=tuple(FacetValue(value, count) for value, count in status.items() if count),
    )


def _count_values(values: Iterable[Iterable[str]]) -> tuple[FacetValue, ...]:
    counts = Counter(value for each in values for value in each if value)
    return tuple(FacetValue(value, counts[value]) for value in sorted(counts, key=str.casefold))
