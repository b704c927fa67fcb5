"""The errors of the catalog.

    CatalogError
    ├── CatalogConfigError     a catalog location in the app configuration is not usable
    ├── AlreadyRegisteredError a location that is registered cannot be registered again
    ├── RegistrationError      nothing can be read at a location that is to be registered
    ├── LocationNotFoundError  no location is registered under an id
    ├── ReadOnlyError          nobody may register, unregister or delete
    ├── MissingPermissionError a user lacks a permission for an entity
    ├── EntityNotFoundError    `get_entity` was asked for an entity that is not there
    └── DescriptorError        raised while a descriptor is read; carries a ProcessingError
        └── MissingFileError   no file is there

A `ProcessingError` itself is a value, not an exception: one broken descriptor must not stop the
others, so errors are collected and shown beside the entities.
"""

import json
from dataclasses import dataclass
from typing import Any

MISSING = object()
"""The value of a field that is missing."""

_VALUE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class ProcessingError:
    """A rule that a descriptor breaks, and where; `line` counts from 1."""

    rule: str
    field: str = ""
    value: str = ""
    file: str = ""
    line: int | None = None
    entity_ref: str = ""

    @property
    def message(self) -> str:
        """The message in one line: place, field, rule and value."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        where = ": ".join(part for part in (place, self.field) if part)
        got = f" (got {self.value})" if self.value else ""
        return f"{where}: {self.rule}{got}" if where else f"{self.rule}{got}"


class CatalogError(Exception):
    """Anything the catalog raises."""


class CatalogConfigError(CatalogError):
    """A wrong key or value under `catalog` in the app configuration."""

    def __init__(self, path: str, value: Any, hint: str) -> None:
        super().__init__(f"{path}: {hint} (got {show_value(value)})")
        self.path = path
        self.value = value
        self.hint = hint


class AlreadyRegisteredError(CatalogError):
    """The location is registered already."""

    def __init__(self, location: str) -> None:
        super().__init__(f"{location} is registered already")
        self.location = location


class RegistrationError(CatalogError):
    """A location has no entities."""

    def __init__(self, location: str, reason: str) -> None:
        super().__init__(f"{location} cannot be registered: {reason}")
        self.location = location


class LocationNotFoundError(CatalogError):
    """No location is registered under this id."""

    def __init__(self, location_id: str) -> None:
        super().__init__(f"no location is registered under {location_id}")
        self.location_id = location_id


class ReadOnlyError(CatalogError):
    """The owner does not allow changes to the catalog here."""

    def __init__(self) -> None:
        super().__init__("the catalog is read-only here (catalog.readonly in app-config.yaml)")


class MissingPermissionError(CatalogError):
    """A user lacks a permission for an entity."""


class EntityNotFoundError(CatalogError):
    """No entity has this reference."""

    def __init__(self, entity_ref: str) -> None:
        super().__init__(f"{entity_ref} is not in the catalog")
        self.entity_ref = entity_ref


class DescriptorError(CatalogError):
    """A descriptor, or a file it names, cannot be used."""

    def __init__(self, error: ProcessingError) -> None:
        super().__init__(error.message)
        self.error = error


class MissingFileError(DescriptorError):
    """A file that a location or a substitution names is not there."""


def show_value(value: Any) -> str:
    """Write a value as JSON, shortened, for a message."""
    if value is MISSING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = text.encode(errors="backslashreplace").decode()
    return text if len(text) <= _VALUE_LENGTH else f"{text[: _VALUE_LENGTH - 1]}…"
