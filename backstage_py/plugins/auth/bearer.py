"""`Authorization: Bearer`: API tokens open `/api/**` and `/mcp`, and nothing else."""

import logging

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from backstage_py.analytics import using_credentials
from backstage_py.plugins.auth.tokens import ApiTokens

_logger = logging.getLogger(__name__)

_SCHEME = b"bearer "
MAX_CHARACTERS = 1000


class BearerTokens:
    """Verifies a request's token; its credentials then apply while the request is handled.

    An invalid token is refused at once, even where no sign-in is needed. Tokens on other paths are
    ignored: `/metrics` has one of its own.
    """

    def __init__(self, app: ASGIApp, tokens: ApiTokens) -> None:
        self._app = app
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request as its token's owner, or refuse it."""
        token = _find_token(scope) if scope["type"] == "http" and _is_open(scope["path"]) else None
        if token is None:
            await self._app(scope, receive, send)
            return
        try:
            credentials = await to_thread.run_sync(self._tokens.verify, token)
        except SQLAlchemyError as error:
            _logger.warning("API tokens cannot be read: %s", error)
            await _refuse(503, "The database is not responding")(scope, receive, send)
            return
        if credentials is None:
            answer = _refuse(401, "The token is unknown, revoked or expired")
            await answer(scope, receive, send)
            return
        with using_credentials(credentials):
            await self._app(scope, receive, send)


def _is_open(path: str) -> bool:
    is_auth = path.startswith("/api/auth/") and path != "/api/auth/v1/userinfo"
    return (path.startswith("/api/") and not is_auth) or path == "/mcp" or path.startswith("/mcp/")


def _find_token(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name.lower() == b"authorization" and value[: len(_SCHEME)].lower() == _SCHEME:
            return value[len(_SCHEME) :][:MAX_CHARACTERS].decode("latin-1").strip()
    return None


def _refuse(status: int, message: str) -> JSONResponse:
    name = "AuthenticationError" if status == 401 else "ServiceUnavailableError"  # ruff: ignore[magic-value-comparison]
    headers = {"WWW-Authenticate": "Bearer"} if name == "AuthenticationError" else {}
    return JSONResponse({"error": {"name": name, "message": message}}, status, headers)
