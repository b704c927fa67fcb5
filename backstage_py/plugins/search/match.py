"""What an engine is asked: which words a document has to have, and where."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or with `is_prefix` all that begin with it."""

    word: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A set of documents.

    `words` has alternatives for each word that was asked for; a document must have one of each, or
    with `any_word` of at least one. `facets` are always required, one of each.
    """

    words: tuple[tuple[Term, ...], ...] = ()
    facets: tuple[tuple[str, ...], ...] = ()
    in_names: bool = False
    any_word: bool = False

    def within_names(self) -> Self:
        """Those that have the words in their title or name."""
        return replace(self, in_names=True)

    def with_whole_words(self) -> Self:
        """Those that have the words themselves and not only longer ones."""
        words = tuple(
            tuple(replace(term, is_prefix=False) for term in alternatives)
            for alternatives in self.words
        )
        return replace(self, words=words)

    def with_any_word(self) -> Self:
        """Those that have one of the words at least."""
        return replace(self, any_word=True)

    def called(self, title_facet: str) -> Self:
        """Those whose whole title or name it is."""
        return replace(self, words=(), facets=(*self.facets, (title_facet,)))
