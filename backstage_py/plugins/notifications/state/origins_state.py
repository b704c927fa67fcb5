"""The origins that may notify a person."""

import asyncio
import logging

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, access
from backstage_py.plugins.notifications.rows import OriginRow, build_origin
from backstage_py.plugins.notifications.service import get_notifications
from backstage_py.plugins.settings.api import SettingError
from backstage_py.portal.database import answer_of
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)


@access(SIGNED_IN)
class OriginsState(rx.State):
    """The switches of the settings."""

    rows: rx.Field[list[OriginRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_broken: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self) -> None:
        """Show the current switches."""
        user = current_user(self)
        found = await asyncio.to_thread(answer_of, lambda: get_notifications().list_origins(user))
        self.is_broken = found is None
        self.rows = [build_origin(one) for one in found or ()]
        self.is_loaded = True

    @rx.event
    async def toggle(self, origin: str) -> None:
        """Allow or mute an origin."""
        user = current_user(self)
        is_on = any(row.origin == origin and row.is_on for row in self.rows)
        try:
            await asyncio.to_thread(get_notifications().mute, user, origin, is_muted=is_on)
        except (SettingError, SQLAlchemyError) as error:
            _logger.warning("A switch of notifications cannot be stored: %s", error)
            self.is_broken = True
            return
        await self.load()
