"""Which entities a list shows. Values of one field mean any of them; tags mean all of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from backstage_py.plugins.catalog.index.search_index import (
    HAS_ERROR,
    IS_ORPHAN,
    Ids,
    SearchIndex,
    intersect,
)


@dataclass(frozen=True, slots=True)
class EntityFilter:
    """An empty field lets every entity through; upper and lower case never matter.

    `owners` are entity refs. `owned_by` are the owners that a user counts as, `refs` the only
    entities to show (None: any, for both). `status` holds `is-orphan` and `has-error`. Each word of
    `text` must be part of the name, title or display name, or be one of the tags.
    """

    kind: str = ""
    types: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    lifecycles: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    owned_by: tuple[str, ...] | None = None
    refs: frozenset[str] | None = None
    text: str = ""

    def select(self, index: SearchIndex) -> Ids:
        """Find the entities that match."""
        found = intersect(list(self._list_conditions(index)))
        return index.with_words(self.text, found) if self.text else found

    def _list_conditions(self, index: SearchIndex) -> Iterator[Ids]:
        yield index.everything
        kinds = (self.kind,) if self.kind else ()
        for key, wanted in (
            ("kind", kinds),
            ("spec.type", self.types),
            ("relations.ownedby", self.owners),
            ("spec.lifecycle", self.lifecycles),
            ("metadata.namespace", self.namespaces),
        ):
            if wanted:
                yield index.with_any(key, wanted)
        for tag in self.tags:
            yield index.with_any("metadata.tags", (tag,))
        if self.owned_by is not None:
            yield index.with_any("relations.ownedby", self.owned_by)
        if self.refs is not None:
            yield index.with_refs(self.refs)
        if IS_ORPHAN in self.status:
            yield index.orphans
        if HAS_ERROR in self.status:
            yield index.broken
