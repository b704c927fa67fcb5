from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from backstage_py.plugins.search.api import SearchDocument
from backstage_py.plugins.search.service import SearchService
from backstage_py.plugins.search.store import SearchStore

Fill = Callable[..., SearchService]


class Documents:
    """A collator of what one puts in."""

    def __init__(self, *documents: SearchDocument, type_: str = "software-catalog") -> None:
        self.type = type_
        self.documents = documents
        self.asked = 0

    def version(self) -> object:
        return self.documents

    def collate(self) -> tuple[SearchDocument, ...]:
        self.asked += 1
        return self.documents


def document(title: str, text: str = "", **fields: str) -> SearchDocument:
    """A document of the catalog unless `type` says otherwise."""
    defaults = {"type": "software-catalog", "key": title, "location": f"/{title}"}
    return SearchDocument(**{**defaults, "title": title, "text": text, **fields})


@pytest.fixture
def fill(engine: Engine) -> Fill:
    """A search on each engine, of the given documents."""

    def build(*documents: SearchDocument) -> SearchService:
        search = SearchService(SearchStore(engine))
        search.register(Documents(*documents))
        search.refresh()
        return search

    return build
