"""Keeps a file's last good entities when it, or a file it names, is broken."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from backstage_py.plugins.catalog.errors import ProcessingError
from backstage_py.plugins.catalog.model.descriptor import DeclaredEntity, Descriptor
from backstage_py.plugins.catalog.model.entity import PROCESSING_STATUS, Entity, StatusItem
from backstage_py.plugins.catalog.model.substitutions import has_placeholder


def keep_last_good(descriptor: Descriptor, previous: Iterable[Entity]) -> list[DeclaredEntity]:
    """Add earlier entities that errors hide, and prefer them to ones with unread content.

    An earlier entity that no error hides was removed by its author and does not come back.
    """
    earlier = {entity.entity_ref: entity for entity in previous}
    kept = [_prefer_readable(declared, earlier) for declared in descriptor.entities]
    found = {declared.entity.entity_ref for declared in kept}
    hidden = (
        replace(entity, status=tuple(_list_status_without_ref(descriptor.errors)))
        for ref, entity in earlier.items()
        if ref not in found and _is_hidden(ref, descriptor.errors)
    )
    return kept + [DeclaredEntity(entity) for entity in hidden]


def to_status(error: ProcessingError) -> StatusItem:
    """Turn an error into a status item of an entity."""
    return StatusItem(PROCESSING_STATUS, "error", error.message)


def _prefer_readable(declared: DeclaredEntity, earlier: Mapping[str, Entity]) -> DeclaredEntity:
    good = earlier.get(declared.entity.entity_ref)
    if good is None or has_placeholder(good.spec) or not has_placeholder(declared.entity.spec):
        return declared
    return replace(declared, entity=replace(good, status=()))


def _is_hidden(entity_ref: str, errors: Iterable[ProcessingError]) -> bool:
    return any(error.entity_ref in {"", entity_ref} for error in errors)


def _list_status_without_ref(errors: Iterable[ProcessingError]) -> Iterator[StatusItem]:
    return (to_status(error) for error in errors if not error.entity_ref)
