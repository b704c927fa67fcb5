"""`/api/events/choice`: reads and changes whether the caller is recorded."""

import asyncio
import logging
from typing import Any

import orjson
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics.consent.consent import Consent, Standing, set_cookie
from backstage_py.analytics.consent.rules import Choice, parse_choice
from backstage_py.analytics.identity.access import PUBLIC, GuardedRoute
from backstage_py.analytics.identity.origin import Origins
from backstage_py.analytics.ingest.endpoint import (
    ProblemError,
    json_response,
    require_media_type,
    require_own_origin,
)

_logger = logging.getLogger(__name__)

CHOICE_PATH = "/choice"
"""The path below the events' endpoint; ad blockers' lists do not contain the word."""
BODY_BYTES = 1_024
BODY_SECONDS = 10


class ChoiceEndpoint:
    """Its GET and PUT; the server decides whose choice it is."""

    def __init__(self, consent: Consent, *, origins: Origins) -> None:
        self._consent = consent
        self._origins = origins

    def route(self, path: str) -> Route:
        """The route that serves it."""
        return GuardedRoute(path, self._serve, methods=["GET", "PUT"], access=PUBLIC)

    async def _serve(self, request: Request) -> Response:
        answer = self._choose if request.method == "PUT" else self._tell
        try:
            require_own_origin(request, self._origins)
            return await answer(request)
        except ProblemError as problem:
            return problem.response
        except SQLAlchemyError as error:
            _logger.warning("A choice cannot be read or stored: %s", error)
            return ProblemError(503, "store", "is not available", "Try again later", 2).response

    async def _tell(self, request: Request) -> Response:
        return json_response(_wire(await to_thread.run_sync(self._consent.find, request.headers)))

    async def _choose(self, request: Request) -> Response:
        require_media_type(request)
        wanted = _parse(await _read_body(request))
        choice = await to_thread.run_sync(self._consent.choose, request.headers, wanted)
        cookie = {"Set-Cookie": set_cookie(choice)}
        return json_response({"choice": str(choice)}, headers=cookie)


async def _read_body(request: Request) -> bytes:
    """The body, refused as soon as it is too long or too slow.

    Raises:
        ProblemError: With 400, 408 or 413.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                if len(body) + len(chunk) > BODY_BYTES:
                    hint = "Send the choice only"
                    raise ProblemError(413, "body", f"is over {BODY_BYTES} bytes", hint)
                body += chunk
    except TimeoutError:
        problem = f"took over {BODY_SECONDS} seconds"
        raise ProblemError(408, "body", problem, "Send it again") from None
    except ClientDisconnect:
        raise ProblemError(400, "body", "was cut off", "Send it again") from None
    return bytes(body)


def _parse(body: bytes) -> Choice:
    """The choice in a request's body.

    Raises:
        ProblemError: With 422.
    """
    try:
        content: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        content = None
    choice = parse_choice(content.get("choice")) if isinstance(content, dict) else None
    if choice is None:
        raise ProblemError(
            422, "choice", "is not a choice", 'Send {"choice": "on"} or {"choice": "off"}'
        )
    return choice


def _wire(standing: Standing) -> dict[str, Any]:
    return {
        "isRecorded": standing.is_recorded,
        "choice": standing.choice and str(standing.choice),
        "hasSignal": standing.has_signal,
        "isKept": standing.is_kept,
    }
