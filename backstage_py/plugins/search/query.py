"""Search queries and their results.

Source of the shapes: `SearchQuery` and `SearchResultSet` of `@backstage/plugin-search-common`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backstage_py.plugins.search.document import EVERY, FILTERS, TITLE, SearchDocument
from backstage_py.plugins.search.match import Match, Term
from backstage_py.plugins.search.vocabulary import Vocabulary
from backstage_py.plugins.search.words import facet_word, split_words

MAX_TERM = 100
"""The number of characters of a term that count; Backstage's `search.maxTermLength`."""
MAX_LIMIT = 100
DEFAULT_LIMIT = 25


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """A query; an empty term means everything.

    Args:
        term: Words; all of them count up to `MAX_TERM` characters.
        types: The types of documents; empty for any.
        filters: The accepted values of fields in `FILTERS`.
        limit: The number of results, at most `MAX_LIMIT`.
        offset: The number of results to skip.
    """

    term: str = ""
    types: tuple[str, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limit: int = DEFAULT_LIMIT
    offset: int = 0

    @property
    def words(self) -> list[str]:
        """The words of the term, each once."""
        return list(dict.fromkeys(split_words(self.term[:MAX_TERM])))

    @property
    def title_facet(self) -> str:
        """The facet of documents with exactly this title or name."""
        return facet_word(TITLE, " ".join(split_words(self.term[:MAX_TERM])))

    def to_match(self, vocabulary: Vocabulary) -> Match:
        """Match all the words as prefixes; a word that no document has is corrected.

        Raises:
            UnknownFilterError: If a filter's field does not exist.
        """
        chosen = {"type": self.types, **self.filters}
        for name in chosen:
            if name not in FILTERS:
                raise UnknownFilterError(name)
        facets = [
            tuple(facet_word(name, value) for value in values)
            for name, values in chosen.items()
            if values
        ]
        words = tuple(_find_alternatives(word, vocabulary) for word in self.words)
        return Match(words=words, facets=tuple(facets) or ((facet_word(EVERY, ""),),))


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A document that was found; `rank` counts from 1 over the whole list."""

    document: SearchDocument
    rank: int


@dataclass(frozen=True, slots=True)
class SearchResultSet:
    """A page of results.

    `total` counts the results of all pages, `words` are the prefixes to highlight.
    """

    results: tuple[SearchResult, ...]
    total: int
    words: tuple[Term, ...] = ()


class UnknownFilterError(ValueError):
    """A query filters by a field that documents do not have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no filter {name!r}: use one of {', '.join(FILTERS)}")
        self.name = name


def _find_alternatives(word: str, vocabulary: Vocabulary) -> tuple[Term, ...]:
    is_known = vocabulary.has_prefix(word)
    meant = [word] if is_known else vocabulary.list_corrections(word) or [word]
    return tuple(Term(one, is_prefix=True) for one in meant)
