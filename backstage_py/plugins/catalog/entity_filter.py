"""Which entities a list shows. Values of one field mean any of them; tags mean all of them."""

from dataclasses import dataclass

from backstage_py.plugins.catalog.entity import Entity


@dataclass(frozen=True, slots=True)
class EntityFilter:
    """An empty field lets every entity through; upper and lower case never matter.

    `owners` are entity refs. Each word of `text` must be part of the name, title or display name,
    or be one of the tags.
    """

    kind: str = ""
    types: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    lifecycles: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    text: str = ""

    def accepts(self, entity: Entity) -> bool:
        """Tell whether the entity belongs in the list."""
        return (
            self.kind.lower() in {"", entity.kind.lower()}
            and _is_any_of(self.types, {entity.type.lower()})
            and _is_any_of(self.owners, set(entity.list_targets("ownedBy")))
            and _is_any_of(self.lifecycles, {entity.lifecycle.lower()})
            and _is_any_of(self.namespaces, {entity.namespace.lower()})
            and _lower(self.tags) <= _lower(entity.tags)
            and all(_has_word(entity, word) for word in self.text.lower().split())
        )


def _is_any_of(wanted: tuple[str, ...], values: set[str]) -> bool:
    return not wanted or not _lower(wanted).isdisjoint(values)


def _lower(values: tuple[str, ...]) -> set[str]:
    return {value.lower() for value in values}


def _has_word(entity: Entity, word: str) -> bool:
    texts = (entity.name, entity.metadata.get("title", ""), entity.display_name)
    return word in _lower(entity.tags) or any(word in text.lower() for text in texts)
