"""Short lists of entities for the start page."""

from collections.abc import Iterable
from dataclasses import dataclass

from backstage_py.plugins.catalog.api import CatalogReader, Entity, EntityFilter, plural

SHOWN_ENTITIES = 8
DOCUMENTED_BY = "backstage.io/techdocs-ref"


@dataclass(frozen=True)
class KindCount:
    """The number of entities of a kind; `title` is its singular or plural name."""

    kind: str
    title: str
    count: int


@dataclass(frozen=True)
class OwnedEntity:
    """An entity in a list."""

    title: str
    kind: str
    path: str


def count_kinds(catalog: CatalogReader) -> list[KindCount]:
    """The kinds of the catalog, the largest first."""
    counts = [
        KindCount(one.value, one.value if one.count == 1 else plural(one.value), one.count)
        for one in catalog.facets().kinds
    ]
    return sorted(counts, key=lambda one: (-one.count, one.kind))


def list_owned(catalog: CatalogReader, user: str) -> list[OwnedEntity]:
    """The first entities that the user or one of their groups owns, by title."""
    owners = catalog.list_owner_refs(user)
    if not owners:
        return []
    return _rows(catalog.list_entities(EntityFilter(owners=owners), limit=SHOWN_ENTITIES).items)


def list_starred(catalog: CatalogReader, starred: Iterable[str]) -> list[OwnedEntity]:
    """The user's starred entities that still exist, by title."""
    found = (catalog.find_by_ref(ref) for ref in starred)
    entities = [entity for entity in found if entity is not None]
    return _rows(sorted(entities, key=lambda entity: entity.title.casefold()))


def list_documented(catalog: CatalogReader) -> list[OwnedEntity]:
    """The first entities with their own documentation, by title; paths lead to it."""
    found: list[OwnedEntity] = []
    for entity in catalog.list_entities(limit=None).items:
        if len(found) == SHOWN_ENTITIES:
            break
        if DOCUMENTED_BY in entity.annotations:
            path = "/docs" + entity.ref.page_path.removeprefix("/catalog")
            found.append(OwnedEntity(entity.title, entity.kind, path))
    return found


def _rows(entities: Iterable[Entity]) -> list[OwnedEntity]:
    return [OwnedEntity(one.title, one.kind, one.ref.page_path) for one in entities]
