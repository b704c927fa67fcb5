"""`/api/events`: HTTP on the outside, ingest and store on the inside.

Status codes are those of RFC 9110; what a sender may repeat is answered with
`Retry-After` (429, 503), everything else in the 4xx range is final.
"""

import asyncio
import functools
import logging
import math
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics.errors import InvalidEventError, StoreUnavailableError
from backstage_py.analytics.event import parse_time
from backstage_py.analytics.identity.access import PUBLIC, GuardedRoute
from backstage_py.analytics.identity.capture_key import CaptureKeys
from backstage_py.analytics.identity.identity import IdentityApi
from backstage_py.analytics.identity.origin import Origins
from backstage_py.analytics.ingest.batch import parse_batch, parse_well_formed
from backstage_py.analytics.ingest.budget import ByteBudget
from backstage_py.analytics.ingest.ingest import Ingest
from backstage_py.analytics.ingest.pipeline import Sender, refuse_all
from backstage_py.analytics.ingest.rate_limit import RateLimit
from backstage_py.analytics.ingest.robots import REASON, Robots
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.sample import is_sample

_logger = logging.getLogger(__name__)

BODY_BYTES = 1_048_576
BODY_SECONDS = 30
"""The time limit for receiving a body, so that slow senders do not fill the memory."""
WAITING_BYTES = 67_108_864
"""The maximum total size of bodies that are being read or wait for their commit."""
SENDER_BYTES = WAITING_BYTES // 8
"""The maximum total size of one address's bodies; people behind an untrusted proxy share it."""
BATCH_EVENTS = 500
PAGE_EVENTS = 500
RETRY_AFTER_SECONDS = 2
_OTHER_SITE_HINT = (
    "If it is a page of this app, name its address as app.baseUrl in app-config.yaml, or as "
    "deploy_url or in cors_allowed_origins in rxconfig.py"
)
_MEDIA_TYPES = {"application/json", "text/plain"}  # sendBeacon can only send the latter cross-site


class ProblemError(Exception):
    """An error response."""

    def __init__(self, status: int, field: str, problem: str, hint: str, retry: float = 0) -> None:
        super().__init__(problem)
        self.response = json_response(
            {"error": {"field": field, "problem": problem, "hint": hint}},
            status=status,
            headers={"Retry-After": str(math.ceil(retry))} if retry else {},
        )


class OtherSiteError(ProblemError):
    """The request comes from a page of another site."""


def _unavailable(field_name: str, problem: str) -> ProblemError:
    return ProblemError(503, field_name, problem, "Send it again later", RETRY_AFTER_SECONDS)


@dataclass(frozen=True, slots=True)
class EventsEndpoint:
    """GET and POST of `/api/events`.

    `origins` are those whose pages may call it.
    """

    ingest: Ingest
    store: EventStore
    identity: IdentityApi
    may_read: Callable[[str | None], bool]
    rate_limit: RateLimit
    has_consent: Callable[[Mapping[str, str]], bool] = lambda _headers: True
    robots: Robots = field(default_factory=Robots)
    capture_keys: CaptureKeys | None = None
    budget: ByteBudget = field(default_factory=lambda: ByteBudget(WAITING_BYTES, SENDER_BYTES))
    origins: Origins = field(default_factory=Origins)

    def route(self, path: str) -> Route:
        """The route that serves it."""
        return GuardedRoute(path, self._serve, methods=["GET", "POST"], access=PUBLIC)

    async def _serve(self, request: Request) -> Response:
        answer = self._receive if request.method == "POST" else self._read
        try:
            require_own_origin(request, self.origins)
            return await answer(request)
        except OtherSiteError as problem:
            self.ingest.count_refused_origin()
            return _ending(problem.response, request)
        except ProblemError as problem:
            return _ending(problem.response, request)
        except InvalidEventError as error:
            return ProblemError(422, error.where, error.problem, error.hint).response
        except (StoreUnavailableError, SQLAlchemyError) as error:
            _logger.warning("An answer of 503: %s", error)
            return _unavailable("store", "is not available").response

    async def _receive(self, request: Request) -> Response:
        require_media_type(request)
        async with self._read_body(request) as body:
            batch = parse_well_formed(body) or await to_thread.run_sync(parse_batch, body)
            if len(batch.items) > BATCH_EVENTS:
                problem = f"{len(batch.items)} given, at most {BATCH_EVENTS} allowed"
                raise ProblemError(413, "events", problem, "Send them in parts")
            if is_sample(batch.session_id):
                hint = "Use a UUID, as browsers do"
                raise ProblemError(422, "sessionId", "is that of sample data", hint)
            self._require_rate(request, len(batch.items))
            if self.robots.refuse(request.headers):
                self.ingest.count_robots(len(batch.items))
                return json_response(refuse_all(batch, REASON).to_wire())
            sender = Sender(
                self._person(batch.capture_key, request.headers),
                "browser",
                has_declined=not self.has_consent(request.headers),
            )
            report = await asyncio.wrap_future(self.ingest.submit(batch, sender))
            return json_response(report.to_wire())

    @asynccontextmanager
    async def _read_body(self, request: Request) -> AsyncGenerator[bytes]:
        """The body, counted while it is in memory.

        Raises:
            ProblemError: With 400, 408, 413 or 503.
        """
        body = bytearray()
        try:
            await self._read_into(body, request)
            request.state.is_read = True
            yield bytes(body)
        except TimeoutError:
            hint = "Send it again"
            raise ProblemError(408, "body", f"took over {BODY_SECONDS} seconds", hint) from None
        except ClientDisconnect:
            raise ProblemError(400, "body", "was cut off", "Send it again") from None
        finally:
            self.budget.give_back(len(body), _client(request))

    async def _read_into(self, body: bytearray, request: Request) -> None:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                if len(body) + len(chunk) > BODY_BYTES:
                    hint = "Send fewer events at once"
                    raise ProblemError(413, "body", f"is over {BODY_BYTES} bytes", hint)
                if not self.budget.take(len(chunk), _client(request)):
                    raise _unavailable("events", "too many are waiting")
                body += chunk

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

    def _person(self, capture_key: object, headers: Mapping[str, str]) -> str | None:
        if self.capture_keys is None:
            return self.identity.identify(headers)
        return self.capture_keys.person(capture_key, headers)

    def _require_rate(self, request: Request, events: int) -> None:
        if wait := self.rate_limit.seconds_to_wait(_client(request), events):
            raise ProblemError(429, "events", "come too fast", "Send them again later", wait)


def _client(request: Request) -> str:
    return request.client.host if request.client else "unknown"


def _ending(response: Response, request: Request) -> Response:
    """An answer that closes the connection if the body was not read."""
    if request.method == "POST" and not getattr(request.state, "is_read", False):
        response.headers["Connection"] = "close"
    return response


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


def require_own_origin(request: Request, origins: Origins) -> None:
    """Refuse what a page of another origin sends or reads in a visitor's name.

    Raises:
        OtherSiteError: With 403.
    """
    origin = request.headers.get("origin")
    if origin is None or origins.is_own(origin, request.headers.get("host", "")):
        return
    _log_refused(origin[:200], request.url.hostname)
    raise OtherSiteError(403, "Origin", "is another site", _OTHER_SITE_HINT)


@functools.lru_cache(maxsize=256)
def _log_refused(origin: str, host: str | None) -> None:
    """Log each origin only once, since a refused page keeps sending."""
    _logger.warning(
        "Events of pages at %s are refused: it is another site than %s. %s",
        origin,
        host,
        _OTHER_SITE_HINT,
    )


def require_media_type(request: Request) -> None:
    """Refuse a body that is not declared as JSON, or is compressed.

    Raises:
        ProblemError: With 415.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _MEDIA_TYPES:
        raise ProblemError(415, "Content-Type", f"is {media_type[:60]!r}", "Send application/json")
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise ProblemError(415, "Content-Encoding", f"is {encoding[:60]!r}", "Send it as it is")


def parse_question(params: Mapping[str, str]) -> dict[str, Any]:
    """The filters and the page of a GET.

    Raises:
        ProblemError: With 422, naming the parameter.
        InvalidEventError: If a time or the cursor is invalid.
    """
    names = {"action": "action", "plugin": "plugin_id", "user": "user", "session": "session_id"}
    question: dict[str, Any] = {
        argument: params[name] for name, argument in names.items() if name in params
    }
    for name, argument in names.items():
        if "\0" in question.get(argument, ""):
            raise ProblemError(422, name, "holds NUL", "Send plain text")
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
