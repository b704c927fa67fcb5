"""The full-text engine of SQLite: FTS5 (https://www.sqlite.org/fts5.html)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from backstage_py.plugins.search.document import SearchDocument
from backstage_py.plugins.search.match import Match, Term

_ADD = text(
    "INSERT INTO search_words (rowid, names, text, facets) VALUES (:id, :names, :text, :facets)"
)
_REMOVE = text("DELETE FROM search_words WHERE rowid = :id")
_COUNT = text("SELECT count(*) FROM search_words WHERE search_words MATCH :match")
_FIND = "SELECT rowid FROM search_words WHERE search_words MATCH :match"
_BY_ID = text(f"{_FIND} ORDER BY rowid LIMIT :limit OFFSET :offset")
_BY_RANK = text(
    f"{_FIND} AND rank MATCH 'bm25(10.0, 1.0, 0.0)' ORDER BY rank, rowid"
    " LIMIT :limit OFFSET :offset"
)
_WORDS = text("SELECT DISTINCT term FROM search_vocabulary WHERE col IN ('names', 'text')")


class SqliteEngine:
    """The words of documents in a table of FTS5."""

    def add(self, connection: Connection, documents: Sequence[tuple[int, SearchDocument]]) -> None:
        """Take in the words of documents under their ids."""
        rows = [
            {
                "id": id_,
                "names": " ".join(document.list_names()),
                "text": " ".join(document.list_words()),
                "facets": " ".join(document.list_facets()),
            }
            for id_, document in documents
        ]
        connection.execute(_ADD, rows)

    def remove(self, connection: Connection, ids: Sequence[int]) -> None:
        """Forget documents."""
        connection.execute(_REMOVE, [{"id": id_} for id_ in ids])

    def count(self, connection: Connection, match: Match) -> int:
        """Count the documents of a set."""
        return connection.execute(_COUNT, {"match": _write(match)}).scalar_one()

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
        """List the ids of a set, `but` those of another one."""
        wanted = f"({_write(match)}) NOT ({_write(but)})" if but else _write(match)
        found = connection.execute(
            _BY_RANK if is_ranked else _BY_ID, {"match": wanted, "offset": offset, "limit": limit}
        )
        return list(found.scalars())

    def list_words(self, connection: Connection) -> list[str]:
        """List the words of all names and texts."""
        return list(connection.execute(_WORDS).scalars())


def _write(match: Match) -> str:
    columns = "{names}" if match.in_names else "{names text}"
    words = [f"{columns} : ({_any(map(_write_term, one))})" for one in match.words]
    facets = [f"{{facets}} : ({_any(map(_quote, one))})" for one in match.facets]
    all_words = [f"({(' OR ' if match.any_word else ' AND ').join(words)})"] if words else []
    return " AND ".join([*all_words, *facets])


def _write_term(term: Term) -> str:
    return f"{_quote(term.word)} *" if term.is_prefix else _quote(term.word)


def _quote(word: str) -> str:
    return f'"{word}"'


def _any(parts: Iterable[str]) -> str:
    return " OR ".join(parts)
