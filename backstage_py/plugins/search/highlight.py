"""Highlights matches in a text, as segments and never as markup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backstage_py.plugins.search.match import Term
from backstage_py.plugins.search.words import locate_words

EXCERPT_LENGTH = 200
"""The approximate length in characters; words stay whole."""

_BEFORE = 60


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text, and whether it matches."""

    text: str
    is_match: bool


def highlight(text: str, terms: Sequence[Term]) -> list[Segment]:
    """Split a text into matches and the rest."""
    return _part(text, _locate(text, terms))


def highlight_excerpt(text: str, terms: Sequence[Term]) -> list[Segment]:
    """Split an excerpt of a text, starting a little before the first match."""
    text = " ".join(text.split())
    found = _locate(text, terms)
    begin = _find_begin(text, found[0][0] if found else 0)
    end = _find_end(text, begin + EXCERPT_LENGTH)
    inside = [(a - begin, b - begin) for a, b in found if begin <= a and b <= end]
    segments = _part(text[begin:end], inside)
    if begin:
        segments.insert(0, Segment("… ", is_match=False))
    if end < len(text):
        segments.append(Segment(" …", is_match=False))
    return segments


def _locate(text: str, terms: Iterable[Term]) -> list[tuple[int, int]]:
    whole = {term.word for term in terms if not term.is_prefix}
    beginnings = tuple(term.word for term in terms if term.is_prefix)
    return [
        (begin, end)
        for begin, end, word in locate_words(text)
        if word in whole or word.startswith(beginnings)
    ]


def _part(text: str, found: Sequence[tuple[int, int]]) -> list[Segment]:
    segments: list[Segment] = []
    place = 0
    for begin, end in found:
        segments += [Segment(text[place:begin], is_match=False), Segment(text[begin:end], True)]
        place = end
    segments.append(Segment(text[place:], is_match=False))
    return [segment for segment in segments if segment.text]


def _find_begin(text: str, first: int) -> int:
    if first <= _BEFORE:
        return 0
    return text.find(" ", first - _BEFORE, first) + 1 or first


def _find_end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - _BEFORE, end)
    return space if space > 0 else end
