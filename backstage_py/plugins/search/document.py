"""The documents of the index."""

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import Self

import orjson

from backstage_py.plugins.search.words import facet_word, split_words

MAX_TEXT = 100_000
EVERY = "every"
TITLE = "title"

FILTERS = ("type", "kind", "namespace", "name", "lifecycle", "owner")
"""The fields that a query may filter by."""


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """An entity, or a part of a documentation.

    `type` is the name of its collator, `key` is unique within that type. `text` is
    without markup, of `MAX_TEXT` characters at most; `path` is that of a page in its documentation.
    Source of the fields: `IndexableDocument`, `CatalogEntityDocument` and `TechDocsDocument` of
    Backstage.
    """

    type: str
    key: str
    title: str
    text: str
    location: str
    path: str = ""
    name: str = ""
    kind: str = ""
    namespace: str = ""
    lifecycle: str = ""
    owner: str = ""

    def clean(self) -> Self:
        """Return the document in a form that every database accepts."""
        fields = {name: _clean(value) for name, value in asdict(self).items()}
        return replace(self, **{**fields, "text": fields["text"][:MAX_TEXT]})

    def to_json(self) -> str:
        """Serialize it."""
        return orjson.dumps(asdict(self)).decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the result of `to_json`."""
        return cls(**orjson.loads(text))

    @property
    def digest(self) -> str:
        """A text that changes with the document."""
        return hashlib.blake2b(self.to_json().encode(), digest_size=16).hexdigest()

    def list_names(self) -> list[str]:
        """List the words of its title and of its name."""
        title, name = split_words(self.title), split_words(self.name)
        return title if title == name else title + name

    def list_words(self) -> list[str]:
        """List the words of its text."""
        return split_words(self.text)

    def list_facets(self) -> list[str]:
        """List the words for filters, and those for its exact title and name."""
        fields = [(field, getattr(self, field)) for field in FILTERS]
        titles = {" ".join(split_words(text)) for text in (self.title, self.name)}
        return [
            facet_word(EVERY, ""),
            *(facet_word(field, value) for field, value in fields if value),
            *(facet_word(TITLE, title) for title in sorted(titles) if title),
        ]


def _clean(value: str) -> str:
    """Remove NUL and lone surrogates."""
    return value.replace("\0", "").encode(errors="replace").decode()
