"""The rows of the import page: flat, typed, ready for the browser."""

from collections.abc import Sequence
from dataclasses import dataclass

from backstage_py.plugins.catalog.api import Preview, RegisteredLocation


@dataclass(frozen=True)
class FoundEntity:
    """An entity that a location would add, or has added."""

    title: str
    kind: str
    ref: str
    path: str
    is_known: bool


@dataclass(frozen=True)
class LocationRow:
    """A registered location."""

    id: str
    location: str
    registered_by: str
    registered_at: str
    entities: int


def build_found(preview: Preview) -> list[FoundEntity]:
    """The entities of a preview, by kind and title."""
    found = [
        FoundEntity(
            entity.title,
            entity.kind,
            entity.entity_ref,
            entity.ref.page_path,
            entity.entity_ref in preview.known,
        )
        for entity in preview.entities
    ]
    return sorted(found, key=lambda one: (one.kind, one.title.casefold()))


def build_locations(
    locations: Sequence[tuple[RegisteredLocation, int]],
) -> list[LocationRow]:
    """The registered locations with the number of their entities, the newest first."""
    return [
        LocationRow(
            one.id,
            f"{one.type}:{one.target}",
            one.registered_by,
            f"{one.registered_at:%Y-%m-%d %H:%M}",
            entities,
        )
        for one, entities in reversed(locations)
    ]
