"""Updates the index from its collators; writes only changes."""

import logging
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from backstage_py.plugins.search.collator import Collator
from backstage_py.plugins.search.document import SearchDocument
from backstage_py.plugins.search.store import SearchStore

_logger = logging.getLogger(__name__)

BATCH = 500
"""Documents per transaction, small so that others can write in between."""


class Indexer:
    """Brings the index up to date; not to be called from two threads at once."""

    def __init__(self, store: SearchStore) -> None:
        self._store = store
        self._versions: dict[str, Any] = {}

    def run(self, collators: Iterable[Collator]) -> bool:
        """Run each collator that has changes; a broken one is logged and does not stop others.

        Returns whether anything was written.
        """
        changes = [self._run(collator) for collator in collators]
        return any(changes)

    def _run(self, collator: Collator) -> bool:
        try:
            version = collator.version()
            if collator.type in self._versions and self._versions[collator.type] == version:
                return False
            is_changed = self._bring_up_to_date(collator)
        except Exception:
            _logger.exception("The index of %s is not brought up to date", collator.type)
            return False
        self._versions[collator.type] = version
        return is_changed

    def _bring_up_to_date(self, collator: Collator) -> bool:
        known = self._store.list_digests(collator.type)
        seen: set[str] = set()
        is_changed = False
        for batch in _batched(_list_changed(collator.collate(), known, seen)):
            self._store.write(collator.type, batch)
            is_changed = True
        removed = sorted(known.keys() - seen)
        if removed:
            self._store.write(collator.type, (), removed=removed)
        return is_changed or bool(removed)


def _list_changed(
    documents: Iterable[SearchDocument], known: dict[str, str], seen: set[str]
) -> Iterator[SearchDocument]:
    for document in (one.clean() for one in documents):
        if document.key in seen:
            continue
        seen.add(document.key)
        if known.get(document.key) != document.digest:
            yield document


def _batched(documents: Iterator[SearchDocument]) -> Iterator[list[SearchDocument]]:
    while batch := list(islice(documents, BATCH)):
        yield batch
