"""Parses the text of a descriptor file into entities and errors."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from backstage_py.plugins.catalog.errors import ProcessingError
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.model.entity_ref import DEFAULT_NAMESPACE, EntityRef
from backstage_py.plugins.catalog.model.substitutions import ReadTarget, substitute
from backstage_py.plugins.catalog.model.validation import validate_entity
from backstage_py.plugins.catalog.model.yaml_documents import YamlDocument, parse_documents


@dataclass(frozen=True, slots=True)
class DeclaredEntity:
    """An entity, and the document it was read from (None if it is an earlier version)."""

    entity: Entity
    document: YamlDocument | None = None

    def find_line(self, field: str) -> int | None:
        """Find the line of a field, or None."""
        return self.document.find_line(field) if self.document else None


@dataclass(frozen=True, slots=True)
class Descriptor:
    """The entities and errors of a file; an error without an entity ref may hide any entity."""

    entities: tuple[DeclaredEntity, ...] = ()
    errors: tuple[ProcessingError, ...] = ()


def read_descriptor(text: str, *, file: str, read_target: ReadTarget) -> Descriptor:
    """Read every document of a file.

    An entity that breaks a rule is left out. One with unreadable placeholders in its spec is kept
    with them, because the rest of it is still valid.
    """
    entities: list[DeclaredEntity] = []
    errors: list[ProcessingError] = []
    for document in parse_documents(text):
        if isinstance(document, ProcessingError):
            errors.append(replace(document, file=file))
            continue
        entity, found = _read_entity(document, read_target)
        errors += _locate(found, document, file)
        if entity is not None:
            entities.append(DeclaredEntity(entity, document))
    return Descriptor(tuple(entities), tuple(errors))


def check_document(
    document: YamlDocument, read_target: ReadTarget
) -> tuple[Any, list[ProcessingError]]:
    """Check a document of a descriptor, such as one that is being written.

    Args:
        document: As `parse_documents` gives it.
        read_target: Reads the files that placeholders such as `$yaml` name.

    Returns:
        Its value with the placeholders replaced, and every broken rule, with its line.
    """
    value, unread, broken = _check(document, read_target)
    return value, list(_locate(unread + broken, document, ""))


def _check(
    document: YamlDocument, read_target: ReadTarget
) -> tuple[Any, list[ProcessingError], list[ProcessingError]]:
    value, unread = substitute(document.value, read_target)
    unread_fields = {
        error.field.rpartition(".")[0] for error in unread if error.field.startswith("spec.")
    }
    broken = [error for error in validate_entity(value) if error.field not in unread_fields]
    return value, unread, broken


def _read_entity(
    document: YamlDocument, read_target: ReadTarget
) -> tuple[Entity | None, list[ProcessingError]]:
    value, unread, broken = _check(document, read_target)
    return (None if broken else _build_entity(value)), unread + broken


def _build_entity(value: dict[str, Any]) -> Entity:
    return Entity(value["apiVersion"], value["kind"], value["metadata"], value.get("spec", {}))


def _locate(
    errors: list[ProcessingError], document: YamlDocument, file: str
) -> Iterator[ProcessingError]:
    entity_ref = _find_entity_ref(document.value)
    for error in errors:
        line = document.find_line(error.field)
        yield replace(error, file=file, line=line, entity_ref=entity_ref)


def _find_entity_ref(value: Any) -> str:
    """Find the ref of the entity a document declares, even if it breaks rules; else None."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(metadata, dict):
        return ""
    parts = value.get("kind"), metadata.get("namespace", DEFAULT_NAMESPACE), metadata.get("name")
    kind, namespace, name = (part if isinstance(part, str) else "" for part in parts)
    return str(EntityRef(kind, namespace, name)) if kind and namespace and name else ""
