"""Links that other plugins offer on the page of an entity, beside the catalog's own."""

from collections.abc import Callable
from dataclasses import dataclass

from backstage_py.plugins.catalog.model.entity import Entity


@dataclass(frozen=True, slots=True)
class EntityLink:
    """A link in the About card of an entity.

    Attributes:
        name: Its unique name.
        title: The text of the link.
        icon: The name of an icon of Lucide.
        find: Returns the link's target for an entity; empty if the entity has none.
        is_primary: Whether it is shown as a main action.
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
    """List the links that plugins offer."""
    return tuple(_offered.values())


def find_paths(entity: Entity) -> dict[str, str]:
    """Return the targets of an entity's offered links, by name."""
    paths = {link.name: link.find(entity) for link in _offered.values()}
    return {name: path for name, path in paths.items() if path}
