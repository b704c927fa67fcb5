"""Tells a page the choice that its user made in another browser.

The cookie is set before the page's first script runs, so that a browser new to a user captures
nothing against their choice.
"""

import logging

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backstage_py.analytics.consent.consent import Consent

_logger = logging.getLogger(__name__)


class ToldPages:
    """ASGI middleware: sets the choice cookie on pages if it is missing or wrong."""

    def __init__(self, app: ASGIApp, consent: Consent) -> None:
        self._app = app
        self._consent = consent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] == "http" and (cookie := await self._missing_cookie(scope)):
            await self._app(scope, receive, _adding(cookie, send))
        else:
            await self._app(scope, receive, send)

    async def _missing_cookie(self, scope: Scope) -> str | None:
        headers = Headers(scope=scope)
        if scope["method"] != "GET" or "text/html" not in headers.get("accept", ""):
            return None
        try:
            return await to_thread.run_sync(self._consent.missing_cookie, headers)
        except SQLAlchemyError as error:
            _logger.warning("A person's choice cannot be read: %s", error)
            return None


def _adding(cookie: str, send: Send) -> Send:
    async def send_with_cookie(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).append("Set-Cookie", cookie)
        await send(message)

    return send_with_cookie
