"""Finds the documentation of entities.

Source: `@backstage/plugin-techdocs-common`.
"""

from backstage_py.plugins.catalog.api import CatalogReader, Entity, EntityRef
from backstage_py.plugins.techdocs.addresses import clean_address, reader_path
from backstage_py.plugins.techdocs.errors import NoDocsError

TECHDOCS_REF = "backstage.io/techdocs-ref"
TECHDOCS_ENTITY = "backstage.io/techdocs-entity"
TECHDOCS_ENTITY_PATH = "backstage.io/techdocs-entity-path"


def has_docs(entity: Entity) -> bool:
    """Whether an entity declares documentation, its own or another entity's."""
    return bool(entity.annotations.get(TECHDOCS_REF) or entity.annotations.get(TECHDOCS_ENTITY))


def find_docs_entity(catalog: CatalogReader, entity: Entity) -> Entity | None:
    """The entity whose folder holds the documentation, which may be another one."""
    if entity.annotations.get(TECHDOCS_REF):
        return entity
    ref = _parse(entity.annotations.get(TECHDOCS_ENTITY, ""))
    other = catalog.find_by_ref(str(ref)) if ref else None
    return other if other and other.annotations.get(TECHDOCS_REF) else None


def get_docs_entity(catalog: CatalogReader, entity: Entity) -> Entity:
    """The entity whose folder holds the documentation; it must be in the given catalog.

    Raises:
        NoDocsError: If there is none.
    """
    found = find_docs_entity(catalog, entity)
    if found is None:
        raise NoDocsError("the entity has no annotation backstage.io/techdocs-ref")
    return found


def find_docs_path(entity: Entity) -> str:
    """The path of an entity's documentation in the reader; empty if it has none."""
    if entity.annotations.get(TECHDOCS_REF):
        return reader_path(entity.ref)
    ref = _parse(entity.annotations.get(TECHDOCS_ENTITY, ""))
    path = clean_address(entity.annotations.get(TECHDOCS_ENTITY_PATH, ""))
    return reader_path(ref, path) if ref else ""


def _parse(text: str) -> EntityRef | None:
    try:
        return EntityRef.parse(text, default_kind="Component") if text else None
    except ValueError:
        return None
