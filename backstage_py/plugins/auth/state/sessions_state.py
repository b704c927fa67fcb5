"""The sessions of a person."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, access
from backstage_py.plugins.auth.rows import SessionRow, build_session
from backstage_py.plugins.auth.service import get_identity, get_sessions
from backstage_py.portal.session import SessionState

_logger = logging.getLogger(__name__)


@access(SIGNED_IN)
class SessionsState(rx.State):
    """The person's sessions; they can end each of them."""

    rows: rx.Field[list[SessionRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_broken: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self) -> None:
        """Show them."""
        await self._do(lambda _user: None)

    @rx.event
    async def end(self, id_: str) -> Any:
        """Sign out in one browser; if it is this one, the sign-in page is shown next."""
        await self._do(lambda user: get_sessions().end_one(user, id_))
        return SessionState.load

    @rx.event
    async def end_all(self) -> Any:
        """Sign out everywhere, including here."""
        await self._do(lambda user: get_sessions().end_all(user))
        return SessionState.load

    async def _do(self, change: Callable[[str], object]) -> None:
        headers = self.router.headers.raw_headers

        def run() -> list[SessionRow]:
            session = get_identity().find_session(headers)
            if session is None:
                return []
            change(session.user)
            found = get_sessions().list_of(session.user)
            return [build_session(one, current=session.id) for one in found]

        try:
            self.rows = await asyncio.to_thread(run)
        except SQLAlchemyError as error:
            _logger.warning("Sessions cannot be read or ended: %s", error)
            self.is_broken = True
        else:
            self.is_broken = False
        self.is_loaded = True
