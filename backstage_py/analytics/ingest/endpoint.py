"""`/api/events`: HTTP on the outside, ingest and store on the inside.

Status codes are those of RFC 9110; what a sender may repeat is answered with
`Retry-After` (429, 503), everything else in the 4xx range is final.
"""

import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import orjson
from anyio import to_thread
from sqlalchemy.exc import OperationalError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import parse_session_id, parse_time
from backstage_py.analytics.identity import IdentityApi
from backstage_py.analytics.ingest.pipeline import Ingest, Sender
from backstage_py.analytics.ingest.rate_limit import RateLimit
from backstage_py.analytics.store import EventStore

_logger = logging.getLogger(__name__)

BODY_BYTES = 1_048_576
BATCH_EVENTS = 500
PAGE_EVENTS = 500
RETRY_AFTER_SECONDS = 2
_MEDIA_TYPES = {"application/json", "text/plain"}  # sendBeacon can only send the latter cross-site


class ProblemError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, field: str, problem: str, hint: str, retry: float = 0) -> None:
        super().__init__(problem)
        self.response = json_response(
            {"error": {"field": field, "problem": problem, "hint": hint}},
            status=status,
            headers={"Retry-After": str(math.ceil(retry))} if retry else {},
        )


@dataclass(frozen=True, slots=True)
class EventsEndpoint:
    """The two methods of `/api/events`."""

    ingest: Ingest
    store: EventStore
    identity: IdentityApi
    may_read: Callable[[str | None], bool]
    rate_limit: RateLimit

    def route(self, path: str) -> Route:
        """The route that serves it."""
        return Route(path, self._serve, methods=["GET", "POST"])

    async def _serve(self, request: Request) -> Response:
        answer = self._receive if request.method == "POST" else self._read
        try:
            require_same_site(request)
            return await answer(request)
        except ProblemError as problem:
            return problem.response
        except InvalidEventError as error:
            return ProblemError(422, error.where, error.problem, error.hint).response
        except OperationalError:
            _logger.exception("The event store does not answer")
            return ProblemError(
                503, "store", "is not available", "Send it again later", RETRY_AFTER_SECONDS
            ).response

    async def _receive(self, request: Request) -> Response:
        require_media_type(request)
        batch, session_id = parse_batch(await read_body(request))
        self._require_rate(request, len(batch))
        sender = Sender(session_id, self.identity.identify(request.headers), "browser")
        report = await to_thread.run_sync(self.ingest.ingest, batch, sender)
        return json_response(report.to_wire())

    async def _read(self, request: Request) -> Response:
        user = self.identity.identify(request.headers)
        if not self.may_read(user):
            status = 401 if user is None else 403
            raise ProblemError(
                status, "user", "may not read analytics", "Ask the owner for app.analytics.read"
            )
        question = parse_question(request.query_params)
        page = await to_thread.run_sync(lambda: self.store.read(**question))
        return json_response(
            {"items": [event.to_wire() for event in page.events], "nextCursor": page.next_cursor}
        )

    def _require_rate(self, request: Request, events: int) -> None:
        client = request.client.host if request.client else "unknown"
        if wait := self.rate_limit.seconds_to_wait(client, events):
            raise ProblemError(429, "events", "come too fast", "Send them again later", wait)


def json_response(
    content: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A JSON answer that no cache keeps."""
    return Response(
        orjson.dumps(content),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def require_same_site(request: Request) -> None:
    """Refuse what a page of another host sends or reads in a visitor's name.

    Raises:
        ProblemError: With 403.
    """
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).hostname != request.url.hostname:
        raise ProblemError(403, "Origin", "is another site", "Use your own host")


def require_media_type(request: Request) -> None:
    """Refuse a body that does not say it is JSON.

    Raises:
        ProblemError: With 415.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _MEDIA_TYPES:
        raise ProblemError(415, "Content-Type", f"is {media_type[:60]!r}", "Send application/json")


async def read_body(request: Request) -> bytes:
    """The body, read no further than its limit.

    Raises:
        ProblemError: With 413.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise ProblemError(
                413, "body", f"is over {BODY_BYTES} bytes", "Send fewer events at once"
            )
    return bytes(body)


def parse_batch(body: bytes) -> tuple[list[object], str | None]:
    """The events and the session of a request's body.

    Raises:
        ProblemError: With 422 if it is no batch, with 413 if it is too long.
        InvalidEventError: If the session id is none.
    """
    try:
        content: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ProblemError(422, "body", str(error)[:200], "Send well-formed JSON") from None
    if not isinstance(content, dict):
        raise ProblemError(422, "body", "is no object", 'Send {"events": [...]}')
    fields = cast("dict[str, object]", content)
    events = fields.get("events")
    if not isinstance(events, list):
        raise ProblemError(422, "events", "is no list", 'Send {"events": [...]}')
    batch = cast("list[object]", events)
    if len(batch) > BATCH_EVENTS:
        raise ProblemError(
            413, "events", f"are {len(batch)}", f"Send at most {BATCH_EVENTS} at once"
        )
    return batch, parse_session_id(fields.get("sessionId"))


def parse_question(params: Mapping[str, str]) -> dict[str, Any]:
    """The filters and the page of a GET.

    Raises:
        ProblemError: With 422, naming the parameter.
        InvalidEventError: If a time or the cursor is none.
    """
    names = {"action": "action", "plugin": "plugin_id", "user": "user", "session": "session_id"}
    question: dict[str, Any] = {
        argument: params[name] for name, argument in names.items() if name in params
    }
    for name in ("since", "until"):
        if name in params:
            question[name] = parse_time(name, params[name])
    if "cursor" in params:
        question["cursor"] = params["cursor"]
    return {**question, "limit": _parse_limit(params.get("limit", "50"))}


def _parse_limit(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= PAGE_EVENTS:
        raise ProblemError(422, "limit", f"is {text[:60]!r}", f"Use 1 to {PAGE_EVENTS}")
    return int(text)
