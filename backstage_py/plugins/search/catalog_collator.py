"""The documents of the catalog. Source: `DefaultCatalogCollatorFactory` of Backstage."""

import re
from collections.abc import Iterator

from backstage_py.plugins.catalog.api import CatalogService, Entity, SearchIndex
from backstage_py.plugins.search.document import SearchDocument

CATALOG = "software-catalog"

_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*`]+")
_PEOPLE = {"user", "group"}


class CatalogCollator:
    """Provides a document for each entity."""

    type = CATALOG

    def __init__(self, catalog: CatalogService) -> None:
        self._catalog = catalog

    def version(self) -> SearchIndex:
        """The catalog's index, which is a new object after each change."""
        return self._catalog.index

    def collate(self) -> Iterator[SearchDocument]:
        """Return the current documents."""
        return map(build_document, self._catalog.index.entities)


def build_document(entity: Entity) -> SearchDocument:
    """Make the document of an entity."""
    ref = entity.ref
    owners = entity.list_targets("ownedBy")
    return SearchDocument(
        type=CATALOG,
        key=entity.entity_ref,
        title=entity.title,
        text=_build_text(entity),
        location=f"/catalog/{ref.namespace}/{ref.kind}/{ref.name}".lower(),
        name=entity.name,
        kind=entity.kind,
        namespace=entity.namespace,
        lifecycle=entity.lifecycle,
        owner=owners[0] if owners else "",
    )


def _build_text(entity: Entity) -> str:
    email = entity.profile.get("email") if entity.kind.lower() in _PEOPLE else None
    description = _MARKUP.sub(lambda found: found[1] or "", entity.description)
    parts = [description, entity.display_name, email, *entity.tags]
    return " · ".join(part for part in parts if isinstance(part, str) and part)
