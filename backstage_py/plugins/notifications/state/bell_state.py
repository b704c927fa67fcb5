"""The number of unread notifications."""

import asyncio

import reflex as rx

from backstage_py.analytics import SIGNED_IN, access
from backstage_py.plugins.notifications.service import NOTIFICATIONS_CHANGED, get_notifications
from backstage_py.portal.database import answer_of
from backstage_py.portal.session import current_user
from backstage_py.ui.live import live_tabs


@access(SIGNED_IN)
class BellState(rx.State):
    """The number at the bell."""

    unread: rx.Field[int] = rx.field(0)

    @rx.event
    async def look(self) -> None:
        """Count them; if the database does not answer, the number stays."""
        user = current_user(self)
        live_tabs.watch(self, NOTIFICATIONS_CHANGED, BellState.look, key=user, is_of_page=False)
        count = await asyncio.to_thread(answer_of, lambda: get_notifications().count_unread(user))
        if count is not None and count != self.unread:
            self.unread = count


live_tabs.on_connect(BellState.look)
