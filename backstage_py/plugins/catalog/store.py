"""What the catalog keeps in the database: registered locations, its last state, stars."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, Text, UniqueConstraint, delete, insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, col, select

from backstage_py.analytics import OwnTable, begin_writing, migrate
from backstage_py.plugins.catalog.errors import AlreadyRegisteredError
from backstage_py.plugins.catalog.ingestion.ingestion import Ingestion
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.sources.locations import CatalogLocation

_logger = logging.getLogger(__name__)

_MIGRATIONS = Path(__file__).with_name("migrations") / "versions"
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
        """The location that is to be read."""
        field = f"the location that {self.registered_by} registered"
        return CatalogLocation(self.type, self.target, field, is_registered=True)


class StoredEntity(OwnTable, table=True):
    """An entity as it was last read; `content` is JSON, without what the catalog adds."""

    __tablename__ = "catalog_entity"  # pyright: ignore[reportAssignmentType]

    entity_ref: str = Field(primary_key=True)
    address: str
    is_orphan: bool
    content: str = Field(sa_type=Text)


class Star(OwnTable, table=True):
    """That a user has starred an entity."""

    __tablename__ = "catalog_star"  # pyright: ignore[reportAssignmentType]

    user: str = Field(primary_key=True)
    entity_ref: str = Field(primary_key=True)


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
        self._engine = engine
        self._kept: dict[str, _Kept] = {}
        self._is_migrated = False

    def list_locations(self) -> list[RegisteredLocation]:
        """List the registered locations, the oldest first."""
        query = select(RegisteredLocation).order_by(
            col(RegisteredLocation.registered_at), col(RegisteredLocation.id)
        )
        with self._open() as session:
            return list(session.exec(query))

    def add_location(self, type_: str, target: str, *, user: str) -> RegisteredLocation:
        """Register a location.

        Raises:
            AlreadyRegisteredError: If it is there.
        """
        location = RegisteredLocation(type=type_, target=target, registered_by=user)
        try:
            with self._open() as session:
                session.add(location)
                session.commit()
                session.refresh(location)
        except IntegrityError as error:
            raise AlreadyRegisteredError(f"{type_}:{target}") from error
        return location

    def remove_location(self, location_id: str) -> RegisteredLocation | None:
        """Unregister a location; gives it, or None if there is none."""
        with self._open() as session:
            location = session.get(RegisteredLocation, location_id)
            if location is not None:
                session.delete(location)
                session.commit()
            return location

    def load(self) -> Ingestion:
        """Give the last state that was saved; rows that cannot be read are passed over."""
        entities_by_file: dict[str, list[Entity]] = {}
        orphans: list[Entity] = []
        self._kept = {}
        with self._open() as session:
            for row in session.exec(select(StoredEntity)):
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
        """Keep a state; writes only what differs from the one before."""
        wanted = {
            entity.entity_ref: _Kept(address, is_orphan, _write(entity))
            for is_orphan, address, entity in _list_all(ingestion)
        }
        changed = {ref for ref, kept in wanted.items() if self._kept.get(ref) != kept}
        outdated = [*changed, *(self._kept.keys() - wanted.keys())]
        if not outdated:
            return
        self._migrate()
        with begin_writing(self._engine) as connection:
            table = StoredEntity.__table__  # pyright: ignore[reportAttributeAccessIssue]
            for start in range(0, len(outdated), _CHUNK):
                refs = outdated[start : start + _CHUNK]
                connection.execute(delete(table).where(table.c.entity_ref.in_(refs)))
            rows = [_to_row(ref, wanted[ref]) for ref in changed]
            for start in range(0, len(rows), _CHUNK):
                connection.execute(insert(table), rows[start : start + _CHUNK])
        self._kept = wanted

    def list_stars(self, user: str) -> frozenset[str]:
        """List what a user has starred, as canonical references."""
        with self._open() as session:
            found = session.exec(select(Star.entity_ref).where(Star.user == user))
            return frozenset(found)

    def set_star(self, user: str, entity_ref: str, *, starred: bool) -> None:
        """Star an entity, or take the star away."""
        with self._open() as session:
            star = session.get(Star, (user, entity_ref))
            if starred and star is None:
                session.add(Star(user=user, entity_ref=entity_ref))
            elif star is not None and not starred:
                session.delete(star)
            session.commit()

    def _open(self) -> Session:
        self._migrate()
        return Session(self._engine, expire_on_commit=False)

    def _migrate(self) -> None:
        if not self._is_migrated:
            migrate(self._engine, versions=_MIGRATIONS, version_table="catalog_version")
            self._is_migrated = True


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
