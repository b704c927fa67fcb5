"""Users' changes to the catalog: registered locations, and deleted orphans."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from backstage_py.plugins.catalog.errors import (
    LocationNotFoundError,
    ProcessingError,
    ReadOnlyError,
    RegistrationError,
)
from backstage_py.plugins.catalog.index.search_index import SearchIndex
from backstage_py.plugins.catalog.ingestion.ingestion import Ingestion
from backstage_py.plugins.catalog.model.entity import MANAGED_BY_ORIGIN_LOCATION, Entity
from backstage_py.plugins.catalog.sources.locations import CatalogLocation
from backstage_py.plugins.catalog.store import CatalogStore, RegisteredLocation


@dataclass(frozen=True, slots=True)
class Preview:
    """The result of reading a location: new entities, existing ones, and errors."""

    entities: tuple[Entity, ...]
    known: Collection[str]
    errors: tuple[ProcessingError, ...]


class Catalog(Protocol):
    """The part of the catalog that registrations need."""

    @property
    def index(self) -> SearchIndex:
        """The index of the catalog as it is now."""
        ...

    def refresh(self) -> None:
        """Read every location again."""
        ...

    def preview(self, location: CatalogLocation) -> Ingestion:
        """Read a location without registering it."""
        ...

    def delete_orphan(self, entity_ref: str) -> None:
        """Delete an entity that no location names any longer."""
        ...


class Registrations:
    """The locations that users registered.

    Methods raise `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, catalog: Catalog, store: CatalogStore, *, readonly: bool = False) -> None:
        self._catalog = catalog
        self._store = store
        self.readonly = readonly

    def list(self) -> list[RegisteredLocation]:
        """List them, the oldest first."""
        return self._store.list_locations()

    def find_origin(self, entity: Entity) -> RegisteredLocation | None:
        """Find the location that an entity came from; None if it is in the configuration."""
        origin = entity.annotations.get(MANAGED_BY_ORIGIN_LOCATION, "")
        return next((one for one in self.list() if str(one.to_location()) == origin), None)

    def list_entities(self, location: RegisteredLocation) -> tuple[Entity, ...]:
        """List the entities that came from a location."""
        return self._list_of_origin(str(location.to_location()), limit=None)

    def list_colocated(self, entity: Entity, *, limit: int | None = 100) -> tuple[Entity, ...]:
        """List the entities that came from the same location as one of them."""
        origin = entity.annotations.get(MANAGED_BY_ORIGIN_LOCATION, "")
        return self._list_of_origin(origin, limit=limit)

    def preview(self, type_: str, target: str) -> Preview:
        """Read a location without registering it."""
        ingestion = self._catalog.preview(_build_location(type_, target))
        refs = {entity.entity_ref for entity in ingestion.entities}
        known = refs & self._catalog.index.by_ref.keys()
        return Preview(ingestion.entities, frozenset(known), ingestion.errors)

    def register(self, type_: str, target: str, *, user: str) -> RegisteredLocation:
        """Register a location, and add its entities at once.

        Raises:
            RegistrationError: If it has no entities.
            AlreadyRegisteredError: If it is registered.
            ReadOnlyError: If changes are not allowed.
        """
        self._require_writable()
        preview = self.preview(type_, target)
        if not preview.entities:
            reason = preview.errors[0].message if preview.errors else "it holds no entity"
            raise RegistrationError(f"{type_}:{target}", reason)
        location = self._store.add_location(type_, target, user=user)
        self._catalog.refresh()
        return location

    def unregister(self, location_id: str) -> None:
        """Unregister a location and remove the entities that came from it alone.

        Raises:
            LocationNotFoundError: If there is none.
            ReadOnlyError: If changes are not allowed.
        """
        self._require_writable()
        if self._store.remove_location(location_id) is None:
            raise LocationNotFoundError(location_id)
        self._catalog.refresh()

    def delete_orphan(self, entity_ref: str) -> None:
        """Delete an entity that no location names any longer.

        Raises:
            EntityNotFoundError: If there is no such orphan.
            ReadOnlyError: If changes are not allowed.
        """
        self._require_writable()
        self._catalog.delete_orphan(entity_ref)

    def _list_of_origin(self, origin: str, *, limit: int | None) -> tuple[Entity, ...]:
        index = self._catalog.index
        found = index.with_any(f"metadata.annotations.{MANAGED_BY_ORIGIN_LOCATION}", (origin,))
        return index.page(found, order="title", descending=False, offset=0, limit=limit)

    def _require_writable(self) -> None:
        if self.readonly:
            raise ReadOnlyError


def _build_location(type_: str, target: str) -> CatalogLocation:
    return CatalogLocation(type_, target, "target", is_registered=True)
