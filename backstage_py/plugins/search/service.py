"""The search as a service, independent of pages and browsers."""

import functools
import threading
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection

from backstage_py.analytics import Every
from backstage_py.plugins.catalog.api import get_catalog, see_catalog
from backstage_py.plugins.search.collator import Collator
from backstage_py.plugins.search.document import SearchDocument
from backstage_py.plugins.search.indexer import Indexer
from backstage_py.plugins.search.match import Match
from backstage_py.plugins.search.query import (
    MAX_LIMIT,
    SearchQuery,
    SearchResult,
    SearchResultSet,
)
from backstage_py.plugins.search.ranking import rank_page
from backstage_py.plugins.search.store import SearchStore
from backstage_py.plugins.search.vocabulary import Vocabulary
from backstage_py.storage import open_engine

INTERVAL = timedelta(seconds=10)
"""How often the collators are asked for changes."""
MAX_CHECKED = 1_000
"""How many results are checked for those that a user may see."""
VOCABULARY_AGE = timedelta(minutes=5)
"""How long corrections may miss words that another process indexed."""


class SearchService:
    """The search of the portal."""

    def __init__(self, store: SearchStore, *, interval: timedelta = INTERVAL) -> None:
        self._store = store
        self._collators: list[Collator] = []
        self._indexer = Indexer(store)
        self._indexing = threading.Lock()
        self._every = Every(
            interval.total_seconds(),
            self.refresh,
            "search-index",
            trouble="The search index is not updated",
        )
        self._vocabulary: Vocabulary | None = None
        self._vocabulary_until = 0.0

    def register(self, collator: Collator) -> None:
        """Register a collator, replacing the one of its type."""
        others = [one for one in self._collators if one.type != collator.type]
        self._collators = [*others, collator]

    def start(self) -> None:
        """Keep the index up to date, in a thread of its own."""
        self._every.start()

    def refresh(self) -> None:
        """Bring the index up to date now."""
        with self._indexing:
            if self._indexer.run(self._collators) or self._vocabulary is None:
                with self._store.reading() as connection:
                    self._read_vocabulary(connection)

    def query(
        self, query: SearchQuery, may_see: Callable[[SearchDocument], bool] | None = None
    ) -> SearchResultSet:
        """Find documents: those with all the words of the term, else those with any of them.

        Args:
            query: The query.
            may_see: Whether the user may see a document; without it they may see all. With it, only
                the first `MAX_CHECKED` results count.

        Raises:
            UnknownFilterError: If a filter's field does not exist.
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        if query.term.strip() and not query.words:
            return SearchResultSet((), 0)
        self._wait_for_first_index()
        limit = max(1, min(query.limit, MAX_LIMIT))
        offset = max(0, query.offset)
        with self._store.reading() as connection:
            match, total = self._find_match(connection, query)
            ids = rank_page(
                self._store.engine,
                connection,
                match,
                title_facet=query.title_facet,
                offset=0 if may_see else offset,
                limit=MAX_CHECKED if may_see else limit,
            )
            documents = self._store.load(connection, ids)
        if may_see:
            documents = list(filter(may_see, documents))
            total, documents = len(documents), documents[offset : offset + limit]
        results = (
            SearchResult(document, rank) for rank, document in enumerate(documents, offset + 1)
        )
        return SearchResultSet(
            tuple(results), total, tuple(term for one in match.words for term in one)
        )

    def _wait_for_first_index(self) -> None:
        if self._vocabulary is None and not self._store.count():
            self.refresh()

    def _find_match(self, connection: Connection, query: SearchQuery) -> tuple[Match, int]:
        match = query.to_match(self._get_vocabulary(connection))
        total = self._store.engine.count(connection, match)
        has_choice = len(match.words) > 1
        if total or not has_choice:
            return match, total
        match = match.with_any_word()
        return match, self._store.engine.count(connection, match)

    def _get_vocabulary(self, connection: Connection) -> Vocabulary:
        if self._vocabulary is None or time.monotonic() > self._vocabulary_until:
            return self._read_vocabulary(connection)
        return self._vocabulary

    def _read_vocabulary(self, connection: Connection) -> Vocabulary:
        vocabulary = Vocabulary(self._store.engine.list_words(connection))
        self._vocabulary = vocabulary
        self._vocabulary_until = time.monotonic() + VOCABULARY_AGE.total_seconds()
        return vocabulary


@functools.cache
def get_search() -> SearchService:
    """The search of this process."""
    return SearchService(SearchStore(open_engine()))


def ask_as(user: str, query: SearchQuery) -> SearchResultSet:
    """Answer a query with the documents a user may see; those of no entity are for all.

    Raises:
        UnknownFilterError: If a filter's field does not exist.
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    catalog = see_catalog(user)
    if catalog is get_catalog():
        return get_search().query(query)

    def may_see(document: SearchDocument) -> bool:
        is_entity = document.kind and document.name
        return not is_entity or bool(
            catalog.find_entity(document.kind, document.namespace, document.name)
        )

    return get_search().query(query, may_see)
