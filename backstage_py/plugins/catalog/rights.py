"""What users may do with single entities, by the portal's permissions."""

from collections.abc import Callable

from backstage_py.analytics import Refusal
from backstage_py.plugins.catalog.errors import MissingPermissionError
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.reader import CatalogReader
from backstage_py.portal.permissions import Condition

FindCondition = Callable[[str | None, str], Condition | None]
"""What an entity must be for a user to have a permission; None where any entity will do."""


class CatalogRights:
    """Answers for one user at a time.

    Args:
        see_catalog: The catalog as a user may see it.
        find_condition: On what condition they have a permission; without it they have all.
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
        """Let pass a user who has a permission for all of these entities.

        Raises:
            MissingPermissionError: There is one for which they lack it.
        """
        for entity in entities:
            if not self.may(user, permission, entity):
                raise MissingPermissionError(f"{entity.entity_ref}: {Refusal(permission).message}")
