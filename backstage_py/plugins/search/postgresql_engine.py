"""The full-text engine of PostgreSQL: `tsvector` (PostgreSQL documentation, chapter 12)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from backstage_py.plugins.search.document import SearchDocument
from backstage_py.plugins.search.match import Match, Term

_ADD = text("INSERT INTO search_words (id, vector) VALUES (:id, CAST(:vector AS tsvector))")
_ADD_WORDS = text(
    "INSERT INTO search_vocabulary (term) SELECT unnest(CAST(:words AS text[]))"
    " ON CONFLICT DO NOTHING"
)
_REMOVE = text("DELETE FROM search_words WHERE id = ANY(:ids)")
_COUNT = text("SELECT count(*) FROM search_words WHERE vector @@ CAST(:match AS tsquery)")
_FIND = "SELECT id FROM search_words WHERE vector @@ CAST(:match AS tsquery)"
_BY_ID = text(f"{_FIND} ORDER BY id LIMIT :limit OFFSET :offset")
_BY_RANK = text(
    f"{_FIND} ORDER BY ts_rank('{{0, 0, 0.1, 1}}', vector, CAST(:match AS tsquery), 1) DESC, id"
    " LIMIT :limit OFFSET :offset"
)
_WORDS = text("SELECT term FROM search_vocabulary")

_NAMES, _TEXT, _FACETS = "A", "B", "D"
_MAX_POSITION = 16_383
_MAX_POSITIONS = 100


class PostgresqlEngine:
    """The words of documents in a column of type `tsvector`; its weights encode where each one is.

    The vocabulary keeps words of removed documents; they only cost a useless correction.
    """

    def add(self, connection: Connection, documents: Sequence[tuple[int, SearchDocument]]) -> None:
        """Take in the words of documents under their ids."""
        rows = [{"id": id_, "vector": _write_vector(document)} for id_, document in documents]
        connection.execute(_ADD, rows)
        words = {
            word
            for _, document in documents
            for word in (*document.list_names(), *document.list_words())
        }
        connection.execute(_ADD_WORDS, {"words": sorted(words)})

    def remove(self, connection: Connection, ids: Sequence[int]) -> None:
        """Forget documents."""
        connection.execute(_REMOVE, {"ids": list(ids)})

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
        wanted = f"({_write(match)}) & !({_write(but)})" if but else _write(match)
        found = connection.execute(
            _BY_RANK if is_ranked else _BY_ID, {"match": wanted, "offset": offset, "limit": limit}
        )
        return list(found.scalars())

    def list_words(self, connection: Connection) -> list[str]:
        """List the words of all names and texts, including some of removed documents."""
        return list(connection.execute(_WORDS).scalars())


def _write_vector(document: SearchDocument) -> str:
    positions: dict[str, list[str]] = {}
    parts = (
        (_NAMES, document.list_names()),
        (_TEXT, document.list_words()),
        (_FACETS, document.list_facets()),
    )
    position = 0
    for weight, words in parts:
        for word in words:
            position = min(position + 1, _MAX_POSITION)
            found = positions.setdefault(word, [])
            if len(found) < _MAX_POSITIONS:
                found.append(f"{position}{weight}")
    return " ".join(f"'{word}':{','.join(places)}" for word, places in positions.items())


def _write(match: Match) -> str:
    places = _NAMES if match.in_names else f"{_NAMES}{_TEXT}"
    words = [_any(_write_term(term, places) for term in one) for one in match.words]
    facets = [_any(f"'{word}':{_FACETS}" for word in one) for one in match.facets]
    all_words = [f"({(' | ' if match.any_word else ' & ').join(words)})"] if words else []
    return " & ".join([*all_words, *facets])


def _write_term(term: Term, places: str) -> str:
    return f"'{term.word}':{'*' if term.is_prefix else ''}{places}"


def _any(parts: Iterable[str]) -> str:
    return f"({' | '.join(parts)})"
