"""How many notifications wait to be read."""

import asyncio
import logging

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, access
from backstage_py.plugins.notifications.service import get_notifications
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

LOOK_EVERY_MILLISECONDS = 3_000


@access(SIGNED_IN)
class BellState(rx.State):
    """The number at the bell."""

    unread: rx.Field[int] = rx.field(0)

    @rx.event
    async def look(self) -> None:
        """Count; a database that does not answer leaves the number as it was."""
        user = current_user(self)
        try:
            count = await asyncio.to_thread(get_notifications().count_unread, user)
        except SQLAlchemyError as error:
            _logger.warning("Notifications cannot be counted: %s", error)
            return
        if count != self.unread:
            self.unread = count
