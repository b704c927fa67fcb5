"""The one interface that the full-text engines of the databases stand behind."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection, Engine

from backstage_py.plugins.search.document import SearchDocument
from backstage_py.plugins.search.match import Match
from backstage_py.plugins.search.postgresql_engine import PostgresqlEngine
from backstage_py.plugins.search.sqlite_engine import SqliteEngine


class SearchEngine(Protocol):
    """Keeps the words of documents, by the ids that the documents have in the store."""

    def add(self, connection: Connection, documents: Sequence[tuple[int, SearchDocument]]) -> None:
        """Take in the words of documents under their ids."""
        ...

    def remove(self, connection: Connection, ids: Sequence[int]) -> None:
        """Forget documents."""
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

        With `is_ranked` the best come first, equals by their ids; else all stand by their ids.
        """
        ...

    def list_words(self, connection: Connection) -> list[str]:
        """List the words of all names and texts, at least those that are still there."""
        ...


def open_search_engine(engine: Engine) -> SearchEngine:
    """Give the engine of a database."""
    return SqliteEngine() if engine.dialect.name == "sqlite" else PostgresqlEngine()
