"""An id for each HTTP request: in its response, and in every line logged for it.

The id of a proxy (`X-Request-ID`) is kept, so that both logs can be matched.
"""

import logging
import re
import time
import uuid
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Request-ID"
_ACCEPTED = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_current: ContextVar[str | None] = ContextVar("request_id", default=None)
_logger = logging.getLogger("backstage_py.requests")


class RequestIds:
    """Gives each request an id; with `log_requests` also logs a line when it ends.

    Args:
        app: The application.
        log_requests: Whether to log method, path, status and milliseconds. The query is left
            out: it may hold private data.
    """

    def __init__(self, app: ASGIApp, *, log_requests: bool = False) -> None:
        self._app = app
        self._log_requests = log_requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, with its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given if _ACCEPTED.fullmatch(given) else uuid.uuid4().hex
        status, start = 500, time.perf_counter()

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        token = _current.set(request_id)
        try:
            await self._app(scope, receive, answer)
        finally:
            if self._log_requests:
                _log(scope, status, time.perf_counter() - start)
            _current.reset(token)


class RequestIdFilter(logging.Filter):
    """Adds the id of the current request to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record."""
        request_id = _current.get()
        if request_id is not None:
            record.request_id = request_id
        return True


def _log(scope: Scope, status: int, seconds: float) -> None:
    milliseconds = round(seconds * 1000, 1)
    _logger.info(
        "%s %s %d",
        scope["method"],
        scope["path"],
        status,
        extra={
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "milliseconds": milliseconds,
        },
    )
