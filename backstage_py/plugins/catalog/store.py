"""The catalog's tables: registered locations, its last state, stars."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, Text, UniqueConstraint, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field

from backstage_py.plugins.catalog.errors import AlreadyRegisteredError
from backstage_py.plugins.catalog.ingestion.ingestion import Ingestion
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.sources.locations import CatalogLocation
from backstage_py.storage import Database, OwnTable, table_of

_logger = logging.getLogger(__name__)

_MIGRATIONS = Path(__file__).with_name("migrations")
_CHUNK = 500


class RegisteredLocation(OwnTable, table=True):
    """A location that a user registered."""

    __tablename__ = "catalog_location"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (UniqueConstraint("type", "target"),)

    id: str = Field(primary_key=True, default_factory=lambda: str(uuid.uuid4()))
    type: str
    target: str
    registered_by: str
    registered_at: datetime = Field(default_factory=lambda: datetime.now(UTC))

    def to_location(self) -> CatalogLocation:
        """The location to read."""
        field = f"the location that {self.registered_by} registered"
        return CatalogLocation(self.type, self.target, field, is_registered=True)


class StoredEntity(OwnTable, table=True):
    """An entity as last read; `content` is JSON, without the catalog's additions."""

    __tablename__ = "catalog_entity"  # pyright: ignore[reportAssignmentType]

    entity_ref: str = Field(primary_key=True)
    address: str
    is_orphan: bool
    content: str = Field(sa_type=Text)


class Star(OwnTable, table=True):
    """A user's star of an entity."""

    __tablename__ = "catalog_star"  # pyright: ignore[reportAssignmentType]

    user: str = Field(primary_key=True)
    entity_ref: str = Field(primary_key=True)


_LOCATIONS, _ENTITIES, _STARS = map(table_of, (RegisteredLocation, StoredEntity, Star))


@dataclass(frozen=True, slots=True)
class _Kept:
    address: str
    is_orphan: bool
    content: str


class CatalogStore:
    """The catalog's tables; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, engine: Engine) -> None:
        self._database = Database(engine, name="catalog", migrations=_MIGRATIONS)
        self._kept: dict[str, _Kept] = {}

    def list_locations(self) -> list[RegisteredLocation]:
        """List the registered locations, the oldest first."""
        query = select(_LOCATIONS).order_by(_LOCATIONS.c.registered_at, _LOCATIONS.c.id)
        with self._database.reading() as connection:
            return [RegisteredLocation(**row) for row in connection.execute(query).mappings()]

    def add_location(self, type_: str, target: str, *, user: str) -> RegisteredLocation:
        """Register a location.

        Raises:
            AlreadyRegisteredError: If it is registered already.
        """
        location = RegisteredLocation(type=type_, target=target, registered_by=user)
        try:
            with self._database.writing() as connection:
                connection.execute(insert(_LOCATIONS).values(location.model_dump()))
        except IntegrityError as error:
            raise AlreadyRegisteredError(f"{type_}:{target}") from error
        return location

    def remove_location(self, location_id: str) -> RegisteredLocation | None:
        """Unregister a location; returns it, or None if there is none."""
        is_meant = _LOCATIONS.c.id == location_id
        with self._database.writing() as connection:
            row = connection.execute(select(_LOCATIONS).where(is_meant)).mappings().first()
            connection.execute(delete(_LOCATIONS).where(is_meant))
        return None if row is None else RegisteredLocation(**row)

    def load(self) -> Ingestion:
        """Return the last saved state; unreadable rows are skipped."""
        entities_by_file: dict[str, list[Entity]] = {}
        orphans: list[Entity] = []
        self._kept = {}
        with self._database.reading() as connection:
            for row in connection.execute(select(_ENTITIES)):
                try:
                    entity = _read(row.content)
                except (ValueError, KeyError, TypeError) as error:
                    _logger.warning("The stored %s cannot be read: %s", row.entity_ref, error)
                    continue
                self._kept[row.entity_ref] = _Kept(row.address, row.is_orphan, row.content)
                if row.is_orphan:
                    orphans.append(entity)
                else:
                    entities_by_file.setdefault(row.address, []).append(entity)
        found = {address: tuple(each) for address, each in entities_by_file.items()}
        return Ingestion(found, tuple(orphans))

    def save(self, ingestion: Ingestion) -> None:
        """Save a state; writes only the differences from the previous one."""
        wanted = {
            entity.entity_ref: _Kept(address, is_orphan, _write(entity))
            for is_orphan, address, entity in _list_all(ingestion)
        }
        changed = {ref for ref, kept in wanted.items() if self._kept.get(ref) != kept}
        outdated = [*changed, *(self._kept.keys() - wanted.keys())]
        if not outdated:
            return
        with self._database.writing() as connection:
            for start in range(0, len(outdated), _CHUNK):
                refs = outdated[start : start + _CHUNK]
                connection.execute(delete(_ENTITIES).where(_ENTITIES.c.entity_ref.in_(refs)))
            rows = [_to_row(ref, wanted[ref]) for ref in changed]
            for start in range(0, len(rows), _CHUNK):
                connection.execute(insert(_ENTITIES), rows[start : start + _CHUNK])
        self._kept = wanted

    def list_stars(self, user: str) -> frozenset[str]:
        """List a user's stars, as canonical references."""
        query = select(_STARS.c.entity_ref).where(_STARS.c.user == user)
        with self._database.reading() as connection:
            return frozenset(connection.execute(query).scalars())

    def set_star(self, user: str, entity_ref: str, *, starred: bool) -> None:
        """Star or unstar an entity."""
        is_meant = (_STARS.c.user == user, _STARS.c.entity_ref == entity_ref)
        with self._database.writing() as connection:
            connection.execute(delete(_STARS).where(*is_meant))
            if starred:
                connection.execute(insert(_STARS).values(user=user, entity_ref=entity_ref))


def _list_all(ingestion: Ingestion) -> list[tuple[bool, str, Entity]]:
    found = [
        (False, address, entity)
        for address, entities in ingestion.entities_by_file.items()
        for entity in entities
    ]
    return found + [(True, "", entity) for entity in ingestion.orphans]


def _to_row(ref: str, kept: _Kept) -> Mapping[str, Any]:
    return {
        "entity_ref": ref,
        "address": kept.address,
        "is_orphan": kept.is_orphan,
        "content": kept.content,
    }


def _write(entity: Entity) -> str:
    wire = {
        "apiVersion": entity.api_version,
        "kind": entity.kind,
        "metadata": entity.metadata,
        "spec": entity.spec,
    }
    return orjson.dumps(wire).decode()


def _read(content: str) -> Entity:
    wire = orjson.loads(content)
    return Entity(wire["apiVersion"], wire["kind"], wire["metadata"], wire["spec"])
