"""A query to an engine: the words that a document must have, and where."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or with `is_prefix` all words that begin with it."""

    word: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A set of documents.

    `words` has alternatives for each word of the query; a document must match one of each, or with
    `any_word` of at least one. One of each of `facets` is always required.
    """

    words: tuple[tuple[Term, ...], ...] = ()
    facets: tuple[tuple[str, ...], ...] = ()
    in_names: bool = False
    any_word: bool = False

    def within_names(self) -> Self:
        """The documents with the words in their title or name."""
        return replace(self, in_names=True)

    def with_whole_words(self) -> Self:
        """The documents with the whole words, not only as prefixes."""
        words = tuple(
            tuple(replace(term, is_prefix=False) for term in alternatives)
            for alternatives in self.words
        )
        return replace(self, words=words)

    def with_any_word(self) -> Self:
        """The documents with at least one of the words."""
        return replace(self, any_word=True)

    def called(self, title_facet: str) -> Self:
        """The documents whose whole title or name it is."""
        return replace(self, words=(), facets=(*self.facets, (title_facet,)))
