"""The search's documents in the database, next to its full-text engine."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, Text, UniqueConstraint, delete, func, insert
from sqlmodel import Field, col, select

from backstage_py.plugins.search.document import SearchDocument
from backstage_py.plugins.search.engine import SearchEngine, open_search_engine
from backstage_py.storage import Database, OwnTable

_MIGRATIONS = Path(__file__).with_name("migrations")
_CHUNK = 500


class StoredDocument(OwnTable, table=True):
    """A document; `content` is its JSON."""

    __tablename__ = "search_document"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("type", "key"),)

    id: int = Field(primary_key=True)
    type: str
    key: str
    digest: str
    content: str = Field(sa_type=Text)


class SearchStore:
    """The tables of the search; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._database = Database(engine, name="search", migrations=_MIGRATIONS)
        self.engine: SearchEngine = open_search_engine(engine)

    def reading(self) -> AbstractContextManager[Connection]:
        """Open a connection that sees one state of the index."""
        return self._database.reading()

    def count(self) -> int:
        """Count the documents."""
        with self.reading() as connection:
            return connection.execute(select(func.count(col(StoredDocument.id)))).scalar_one()

    def list_digests(self, type_: str) -> dict[str, str]:
        """Return the digests of the documents of a type, by their keys."""
        query = select(StoredDocument.key, StoredDocument.digest).where(
            StoredDocument.type == type_
        )
        with self.reading() as connection:
            return dict(connection.execute(query).all())

    def write(
        self, type_: str, documents: Sequence[SearchDocument], *, removed: Sequence[str] = ()
    ) -> None:
        """Add documents, replacing those with the same keys; delete the removed keys."""
        outdated = [*removed, *(document.key for document in documents)]
        with self._database.writing() as connection:
            for start in range(0, len(outdated), _CHUNK):
                self._remove(connection, type_, outdated[start : start + _CHUNK])
            if documents:
                self._add(connection, documents)

    def load(self, connection: Connection, ids: Sequence[int]) -> list[SearchDocument]:
        """Return documents in the order of the ids; missing ones are left out."""
        query = select(StoredDocument.id, StoredDocument.content).where(
            col(StoredDocument.id).in_(ids)
        )
        contents = dict(connection.execute(query).all())
        return [SearchDocument.from_json(contents[id_]) for id_ in ids if id_ in contents]

    def _remove(self, connection: Connection, type_: str, keys: Sequence[str]) -> None:
        query = select(StoredDocument.id).where(
            StoredDocument.type == type_, col(StoredDocument.key).in_(keys)
        )
        ids = list(connection.execute(query).scalars())
        if ids:
            self.engine.remove(connection, ids)
            connection.execute(delete(StoredDocument).where(col(StoredDocument.id).in_(ids)))

    def _add(self, connection: Connection, documents: Sequence[SearchDocument]) -> None:
        newest = connection.execute(select(func.max(StoredDocument.id))).scalar() or 0
        numbered = list(enumerate(documents, newest + 1))
        rows = [
            {
                "id": id_,
                "type": document.type,
                "key": document.key,
                "digest": document.digest,
                "content": document.to_json(),
            }
            for id_, document in numbered
        ]
        connection.execute(insert(StoredDocument), rows)
        self.engine.add(connection, numbered)
