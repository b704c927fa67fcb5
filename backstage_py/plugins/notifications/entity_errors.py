"""Notifies owners of errors in their entities' descriptors."""

from collections.abc import Callable
from datetime import timedelta

from backstage_py.plugins.catalog.api import CatalogService, Entity
from backstage_py.plugins.notifications.notification import Payload, Severity
from backstage_py.plugins.notifications.notifications import Notifications

ORIGIN = "catalog"
TOLD_JUST_NOW = timedelta(minutes=10)
MESSAGE_CHARACTERS = 1_000


class EntityErrors:
    """Watches the catalog, and notifies the owner of each error once.

    Errors notified before a restart, or just now by another process, are not repeated.
    """

    def __init__(
        self, catalog: Callable[[], CatalogService], notifications: Callable[[], Notifications]
    ) -> None:
        self._catalog = catalog
        self._notifications = notifications
        self._told: dict[str, str] = {}
        self._is_first_look = True

    def look(self) -> None:
        """Notify about new errors, and forget fixed ones.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer; they are notified
            later.
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
