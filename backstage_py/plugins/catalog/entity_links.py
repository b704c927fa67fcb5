"""Links that other plugins offer on the page of an entity, beside the catalog's own."""

from collections.abc import Callable
from dataclasses import dataclass

from backstage_py.plugins.catalog.model.entity import Entity


@dataclass(frozen=True, slots=True)
class EntityLink:
    """A link in the card that says what an entity is.

    Attributes:
        name: Its own among all of them.
        title: What it says.
        icon: The name of an icon of Lucide.
        find: Where it leads for an entity; empty for an entity that does not have it.
        is_primary: Whether it is what one comes to the page for.
    """

    name: str
    title: str
    icon: str
    find: Callable[[Entity], str]
    is_primary: bool = False


_offered: dict[str, EntityLink] = {}


def offer_entity_link(link: EntityLink) -> None:
    """Offer a link on the pages of entities; called while the plugin is imported."""
    _offered[link.name] = link


def list_entity_links() -> tuple[EntityLink, ...]:
    """List what is offered."""
    return tuple(_offered.values())


def find_paths(entity: Entity) -> dict[str, str]:
    """Give where the offered links of an entity lead, by their names."""
    paths = {link.name: link.find(entity) for link in _offered.values()}
    return {name: path for name, path in paths.items() if path}
