"""HTTP APIs of plugins, in the shape of Backstage's backends: JSON, for signed-in users.

Source of the errors' form: `errorHandler` of `@backstage/backend-defaults`.
"""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from backstage_py.analytics import Access, GuardedRoute
from backstage_py.portal.slow_work import SlowWork, TooBusyError

MAX_DIGITS = 15
"""The maximum length of a whole number, which then fits any database."""

Identify = Callable[[Mapping[str, str]], str | None]
"""Returns the user of a request's headers; None for anonymous."""


class InputError(ValueError):
    """An invalid part of a request; the message names it, its value and the fix."""

    def __init__(self, name: str, value: object, hint: str) -> None:
        shown = json.dumps(value, ensure_ascii=False, default=str)
        super().__init__(f"{name}: {hint} (got {shown})")


class UnknownUserError(Exception):
    """Nobody is signed in."""


Statuses = Mapping[type[Exception], tuple[int, str]]
"""The status and Backstage's name of each error; the first match counts."""

_STATUSES: Statuses = {
    InputError: (400, "InputError"),
    UnknownUserError: (401, "AuthenticationError"),
    TooBusyError: (429, "TooManyRequestsError"),
    SQLAlchemyError: (503, "ServiceUnavailableError"),
}


@dataclass(frozen=True, slots=True)
class JsonCall:
    """A request, its body, and its sender. Missing or invalid parts raise an `InputError`."""

    user: str
    request: Request
    body: Mapping[str, Any]

    def query(self, name: str) -> str | None:
        """Return a parameter of the address."""
        return self.request.query_params.get(name)

    def list(self, name: str) -> tuple[str, ...]:
        """Return a list parameter of the address, separated by commas or repeated."""
        texts = ",".join(self.request.query_params.getlist(name)).split(",")
        return tuple(text.strip() for text in texts if text.strip())

    def whole(self, name: str, default: int) -> int:
        """Return a parameter of the address that is a whole number, 0 or more."""
        text = self.query(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > MAX_DIGITS:
            raise InputError(name, text[:40], "must be a whole number, 0 or more")
        return int(text)

    def text(self, name: str) -> str:
        """Return a string of the body."""
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise InputError(name, value, "must be a text that is not empty")
        return value

    def texts(self, name: str, *, required: bool = True) -> Sequence[str]:
        """Return a list of strings of the body."""
        value = self.body.get(name, None if required else [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise InputError(name, value, "must be a list of texts")
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        """Return an object of the body; empty if it is missing."""
        value = self.body.get(name, {})
        if not isinstance(value, dict):
            raise InputError(name, value, "must be an object")
        return value


Handler = Callable[[JsonCall], Response]
"""Answers a call; runs in a thread of its own and may wait."""


@dataclass(frozen=True, slots=True)
class JsonApi:
    """Makes the routes of an API.

    Args:
        prefix: The prefix of every path.
        identify: Identifies the sender of a request.
        statuses: The handlers' errors, besides those of this module.
        max_body_bytes: The maximum size of a request's body.
        describe: Returns further fields of an error response, besides name and message.
    """

    prefix: str
    identify: Identify
    statuses: Statuses
    max_body_bytes: int
    describe: Callable[[Exception], Mapping[str, Any]] = lambda _error: {}

    def route(
        self,
        method: str,
        path: str,
        handler: Handler,
        *,
        access: Access | str,
        slow: SlowWork | None = None,
    ) -> GuardedRoute:
        """Make a route guarded by `access`; calls that wait for others run in the pool `slow`."""
        statuses = {**_STATUSES, **self.statuses}

        async def serve(request: Request) -> Response:
            try:
                call = await self._read_call(request)
                if slow is not None:
                    return await slow.run(call.user, handler, call)
                return await asyncio.to_thread(handler, call)
            except tuple(statuses) as error:
                status, name = next(
                    found for kind, found in statuses.items() if isinstance(error, kind)
                )
                return self._refuse(request, error, status, name)

        return GuardedRoute(f"{self.prefix}{path}", serve, methods=[method], access=access)

    async def _read_call(self, request: Request) -> JsonCall:
        user = self.identify(dict(request.headers))
        if not user:
            raise UnknownUserError("Sign in first")
        body = await self._read_body(request) if request.method == "POST" else {}
        return JsonCall(user, request, body)

    async def _read_body(self, request: Request) -> Mapping[str, Any]:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > self.max_body_bytes:
                hint = f"must have at most {self.max_body_bytes} bytes"
                raise InputError("body", len(body), hint)
        if media_type != "application/json" and (body or media_type):
            raise InputError("Content-Type", media_type[:60], "must be application/json")
        try:
            value = orjson.loads(body or b"{}")
        except orjson.JSONDecodeError as error:
            raise InputError("body", str(error), "must be JSON") from error
        if not isinstance(value, dict):
            raise InputError("body", type(value).__name__, "must be an object")
        return value

    def _refuse(self, request: Request, error: Exception, status: int, name: str) -> Response:
        is_down = isinstance(error, SQLAlchemyError)
        message = "The database is not responding" if is_down else str(error)
        return json_answer(
            {
                "error": {"name": name, "message": message},
                "request": {"method": request.method, "url": request.url.path},
                "response": {"statusCode": status},
                **self.describe(error),
            },
            status=status,
        )


def json_answer(
    content: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with JSON."""
    body = orjson.dumps(content)
    return Response(body, status_code=status, headers=headers, media_type="application/json")
