"""User data from the catalog, for analytics tools."""

from typing import Any, Protocol

from backstage_py.plugins.catalog.model.entity import Entity


class EntityFinder(Protocol):
    """Finds an entity by its canonical reference."""

    def find_by_ref(self, entity_ref: str) -> Entity | None:
        """Find it; None if it does not exist."""
        ...


class CatalogPeople:
    """The users of the catalog, for analytics tools that need their data."""

    def __init__(self, catalog: EntityFinder) -> None:
        self._catalog = catalog

    def email_of(self, user: str) -> str | None:
        """The email address in a user's profile, by entity ref; None if there is none."""
        entity = self._catalog.find_by_ref(user)
        email = entity.profile.get("email") if entity else None
        return email if isinstance(email, str) else None

    def groups_of(self, user: str) -> list[dict[str, Any]]:
        """The group entities that a user is a member of, in the form of Backstage's catalog API."""
        entity = self._catalog.find_by_ref(user)
        refs = entity.list_targets("memberOf") if entity else []
        groups = map(self._catalog.find_by_ref, refs)
        return [group.to_wire() for group in groups if group is not None]
