"""Normalized words of the index: without case, accents and punctuation, in any language."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

MAX_WORD = 64

_WORD = re.compile(r"[^\W_]+")


def split_words(text: str) -> list[str]:
    """List the normalized words of a text."""
    return [word for _, _, word in locate_words(text)]


def locate_words(text: str) -> Iterator[tuple[int, int, str]]:
    """Iterate over the words of a text: start, end, and normalized form."""
    for found in _WORD.finditer(text):
        if word := _normalize(found[0]):
            yield found.start(), found.end(), word


def facet_word(field: str, value: str) -> str:
    """Make the index word for a value of a field, such as an entity's kind."""
    content = f"{field}={value.casefold()}".encode(errors="replace")
    return f"f{hashlib.blake2b(content, digest_size=8).hexdigest()}"


def _normalize(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in decomposed if char.isalnum())[:MAX_WORD]
