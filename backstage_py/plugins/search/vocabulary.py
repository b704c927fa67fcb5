"""The vocabulary of the index, for correcting misspelt words.

The allowed distance is that of Elasticsearch's fuzziness AUTO: one change from three letters on,
two from six on; two swapped neighbours are one change. Only the nearest words are suggested.
"""

from bisect import bisect_left
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

MAX_CORRECTIONS = 8

_ONE_CHANGE, _TWO_CHANGES = 3, 6


class Vocabulary:
    """The words of an index."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))

    def has_prefix(self, prefix: str) -> bool:
        """Whether any word has this prefix."""
        place = bisect_left(self._words, prefix)
        return place < len(self._words) and self._words[place].startswith(prefix)

    def list_corrections(self, word: str) -> list[str]:
        """List the nearest words, all at the same distance."""
        changes = (len(word) >= _ONE_CHANGE) + (len(word) >= _TWO_CHANGES)
        if not changes:
            return []
        found = process.extract(
            word, self._words, scorer=OSA.distance, score_cutoff=changes, limit=MAX_CORRECTIONS
        )
        return [correction for correction, distance, _ in found if distance == found[0][1]]
