"""Sends notifications, for other plugins.

notify("scaffolder", Payload("Your service is ready", link="/create/tasks/1"), [user])
"""

import functools
from collections.abc import Iterable

from backstage_py.analytics import ANYTHING, Every, get_signals
from backstage_py.plugins.catalog.api import get_catalog
from backstage_py.plugins.notifications.entity_errors import EntityErrors
from backstage_py.plugins.notifications.notification import (
    Payload,
)
from backstage_py.plugins.notifications.notifications import Notifications
from backstage_py.plugins.notifications.store import NotificationStore
from backstage_py.plugins.settings.api import get_user_settings
from backstage_py.storage import open_engine

NOTIFICATIONS_CHANGED = "notifications"
"""The topic of signals; the key is a user."""
LOOK_SECONDS = 10.0
"""How often errors of entities are looked for."""
TIDY_SECONDS = 24 * 60 * 60.0


@functools.cache
def get_notifications() -> Notifications:
    """The notifications of this process."""
    store = NotificationStore(open_engine())
    return Notifications(
        store,
        catalog=get_catalog,
        settings=get_user_settings,
        on_change=lambda user: get_signals().send(NOTIFICATIONS_CHANGED, user or ANYTHING),
    )


def notify(origin: str, payload: Payload, recipients: Iterable[str] | None) -> int:
    """Notify users, the members of groups, or with None everybody; returns how many.

    People who muted the origin in the settings are left out. A person has one notification per
    origin and `payload.scope`, which is sent again.

    Raises:
        NotificationError: If the origin is missing.
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    return get_notifications().notify(origin, payload, recipients)


def start_notifications() -> None:
    """Start notifying owners of their entities' errors, and deleting old notifications."""
    errors = EntityErrors(get_catalog, get_notifications)
    trouble = "Notifications wait"
    Every(LOOK_SECONDS, errors.look, "notifications", trouble=trouble).start()
    delete_old = get_notifications().delete_old
    Every(TIDY_SECONDS, delete_old, "notifications-tidy", trouble=trouble).start()
