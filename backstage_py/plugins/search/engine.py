"""The interface of the databases' full-text engines."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection, Engine

from backstage_py.plugins.search.document import SearchDocument
from backstage_py.plugins.search.match import Match
from backstage_py.plugins.search.postgresql_engine import PostgresqlEngine
from backstage_py.plugins.search.sqlite_engine import SqliteEngine


class SearchEngine(Protocol):
    """Indexes the words of documents by their ids in the store."""

    def add(self, connection: Connection, documents: Sequence[tuple[int, SearchDocument]]) -> None:
        """Add the words of documents under their ids."""
        ...

    def remove(self, connection: Connection, ids: Sequence[int]) -> None:
        """Remove documents."""
        ...

    def count(self, connection: Connection, match: Match) -> int:
        """Count the documents of a set."""
        ...

    def find(
        self,
        connection: Connection,
        match: Match,
        *,
        but: Match | None,
        is_ranked: bool,
        offset: int,
        limit: int,
    ) -> list[int]:
        """List the ids of a set, `but` those of another one.

        With `is_ranked` the best come first, ties by id; otherwise they are sorted by id.
        """
        ...

    def list_words(self, connection: Connection) -> list[str]:
        """List the words of all names and texts, possibly with words of removed documents."""
        ...


def open_search_engine(engine: Engine) -> SearchEngine:
    """Return the engine of a database."""
    return SqliteEngine() if engine.dialect.name == "sqlite" else PostgresqlEngine()
