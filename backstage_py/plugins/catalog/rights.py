"""Permissions of users for single entities."""

from collections.abc import Callable

from backstage_py.analytics import Refusal
from backstage_py.plugins.catalog.errors import MissingPermissionError
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.reader import CatalogReader
from backstage_py.portal.permissions import Condition

FindCondition = Callable[[str | None, str], Condition | None]
"""Returns the condition on entities for a user's permission; None if any entity will do."""


class CatalogRights:
    """Answers for one user at a time.

    Args:
        see_catalog: Returns the catalog as a user may see it.
        find_condition: Returns the condition for a permission; without it users have all.
    """

    def __init__(
        self,
        see_catalog: Callable[[str], CatalogReader],
        find_condition: FindCondition = lambda _user, _permission: None,
    ) -> None:
        self.see_catalog = see_catalog
        self._find_condition = find_condition

    def may(self, user: str | None, permission: str, entity: Entity) -> bool:
        """Whether a user has a permission for an entity."""
        condition = self._find_condition(user or None, permission)
        return condition is None or condition(entity.to_wire())

    def require(self, user: str | None, permission: str, *entities: Entity) -> None:
        """Require that a user has a permission for all of these entities.

        Raises:
            MissingPermissionError: If they lack it for one of them.
        """
        for entity in entities:
            if not self.may(user, permission, entity):
                raise MissingPermissionError(f"{entity.entity_ref}: {Refusal(permission).message}")
