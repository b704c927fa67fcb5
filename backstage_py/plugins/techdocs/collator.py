"""The pages of all documentation, for the search. Source: `DefaultTechDocsCollatorFactory`."""

import logging
import time
from collections.abc import Iterator
from typing import Any

from backstage_py.plugins.catalog.api import CatalogService, Entity
from backstage_py.plugins.search.api import SearchDocument
from backstage_py.plugins.techdocs.addresses import reader_path
from backstage_py.plugins.techdocs.errors import NoDocsError, PageNotFoundError
from backstage_py.plugins.techdocs.page_text import plain_text
from backstage_py.plugins.techdocs.service import TechDocsService, find_page_title
from backstage_py.plugins.techdocs.site import DocsSite

_logger = logging.getLogger(__name__)

TECHDOCS = "techdocs"
LOOK_SECONDS = 60.0
"""How often changed files are looked for: there may be hundreds of sources."""


class TechDocsCollator:
    """Provides a document for each page."""

    type = TECHDOCS

    def __init__(
        self,
        techdocs: TechDocsService,
        catalog: CatalogService,
        *,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        self._techdocs = techdocs
        self._catalog = catalog
        self._look_seconds = look_seconds
        self._index: Any = None
        self._digests: tuple[str, ...] = ()
        self._next_look = 0.0

    def version(self) -> tuple[Any, tuple[str, ...]]:
        """The catalog's index, and the version of each documentation."""
        index = self._catalog.index
        if index is not self._index or time.monotonic() >= self._next_look:
            self._index = index
            self._digests = tuple(site.digest for _, site in self._list_sites())
            self._next_look = time.monotonic() + self._look_seconds
        return index, self._digests

    def collate(self) -> Iterator[SearchDocument]:
        """Return the current documents; an unreadable one does not stop the others."""
        for entity, site in self._list_sites():
            for address, source in site.pages.items():
                try:
                    text = site.read_text(source)
                except PageNotFoundError as error:
                    _logger.info("TechDocs of %s: %s: %s", entity.entity_ref, source, error)
                    continue
                title = find_page_title(site, source, text)
                yield build_document(entity, address, title, plain_text(text))

    def _list_sites(self) -> Iterator[tuple[Entity, DocsSite]]:
        for entity in self._techdocs.list_sites():
            try:
                yield entity, self._techdocs.get_site(entity)
            except NoDocsError as error:
                _logger.info("TechDocs of %s: %s", entity.entity_ref, error)


def build_document(entity: Entity, address: str, title: str, text: str) -> SearchDocument:
    """Make the document of a page; its title names the entity too, as Backstage shows it."""
    owners = entity.list_targets("ownedBy")
    return SearchDocument(
        type=TECHDOCS,
        key=f"{entity.entity_ref}/{address}",
        title=f"{title}{title_suffix(entity.title)}",
        text=text,
        location=reader_path(entity.ref, address),
        path=address,
        name=entity.name,
        kind=entity.kind,
        namespace=entity.namespace,
        lifecycle=entity.lifecycle,
        owner=owners[0] if owners else "",
    )


def title_suffix(entity_title: str) -> str:
    """The suffix after a page's title in titles of documents."""
    return f" | {entity_title} docs"
