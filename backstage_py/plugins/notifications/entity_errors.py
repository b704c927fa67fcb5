"""Tells the owners of entities what is wrong with their descriptors."""

from collections.abc import Callable
from datetime import timedelta

from backstage_py.plugins.catalog.api import CatalogService, Entity
from backstage_py.plugins.notifications.notification import Payload, Severity
from backstage_py.plugins.notifications.notifications import Notifications

ORIGIN = "catalog"
TOLD_JUST_NOW = timedelta(minutes=10)
MESSAGE_CHARACTERS = 1_000


class EntityErrors:
    """Watches the catalog, and tells each error of an entity once to its owner.

    It does not tell again what was told before a restart, or by another process just now.
    """

    def __init__(
        self, catalog: Callable[[], CatalogService], notifications: Callable[[], Notifications]
    ) -> None:
        self._catalog = catalog
        self._notifications = notifications
        self._told: dict[str, str] = {}
        self._is_first_look = True

    def look(self) -> None:
        """Tell what is new, and forget what has been fixed.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer; it is told later.
        """
        catalog = self._catalog()
        found: dict[str, list[str]] = {}
        for error in catalog.errors():
            if error.entity_ref:
                found.setdefault(error.entity_ref.lower(), []).append(error.message)
        self._told = {ref: told for ref, told in self._told.items() if ref in found}
        for ref, messages in found.items():
            text = "\n".join(messages)[:MESSAGE_CHARACTERS]
            entity = catalog.find_by_ref(ref)
            if entity is not None and self._told.get(ref) != text:
                self._tell(entity, text)
                self._told[ref] = text
        self._is_first_look = False

    def _tell(self, entity: Entity, text: str) -> None:
        payload = Payload(
            title=f"{entity.title} has errors in its description"[:255],
            description=text,
            link=entity.ref.page_path,
            severity=Severity.HIGH,
            topic="Processing errors",
            scope=f"errors of {entity.entity_ref}"[:255],
            icon="triangle-alert",
        )
        notifications = self._notifications()
        within = None if self._is_first_look else TOLD_JUST_NOW
        if not notifications.has_told(ORIGIN, payload, within=within):
            notifications.notify(ORIGIN, payload, entity.list_targets("ownedBy"))
