"""`/api/annotations`: read, add and remove annotations."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import orjson
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics import (
    ANALYTICS_INSIGHTS_READ,
    ANALYTICS_MANAGE,
    SIGNED_IN,
    AnalyticsError,
    GuardedRoute,
    Origins,
    ProblemError,
    json_response,
    parse_time,
    require_media_type,
    require_own_origin,
)
from backstage_py.insights.annotations.annotation import Annotation
from backstage_py.insights.annotations.annotations import Annotations
from backstage_py.insights.callers import Caller, FindCaller
from backstage_py.insights.changes.before_after import Comparison
from backstage_py.insights.viewer import Viewer
from backstage_py.insights.window import Window

_logger = logging.getLogger(__name__)

PATH = "/api/annotations"
BODY_BYTES = 16_384
DAYS = 7
Compare: TypeAlias = Callable[[datetime, Viewer, int], Sequence[Comparison]]
"""Compares so many days after a moment with the time before it, as somebody may see them."""


class AnnotationsEndpoint:
    """Users who may see Insights read annotations; adding and removing has its own permission."""

    def __init__(
        self,
        annotations: Annotations,
        find_caller: FindCaller,
        *,
        origins: Origins,
        compare: Compare | None = None,
    ) -> None:
        self._annotations = annotations
        self._compare = compare
        self._find_caller = find_caller
        self._origins = origins

    def routes(self, path: str = PATH) -> list[Route]:
        """The routes that serve it."""
        read, write = ANALYTICS_INSIGHTS_READ, SIGNED_IN
        one = f"{path}/{{id}}"
        effect = GuardedRoute(
            f"{one}/before-after", self._serving(self._before_after), methods=["GET"], access=read
        )
        return [
            *([effect] if self._compare is not None else []),
            GuardedRoute(path, self._serving(self._list), methods=["GET"], access=read),
            GuardedRoute(path, self._serving(self._add), methods=["POST"], access=write),
            GuardedRoute(one, self._serving(self._remove), methods=["DELETE"], access=write),
        ]

    def _serving(
        self, answer: Callable[[Request, Caller], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            try:
                require_own_origin(request, self._origins)
                caller = await to_thread.run_sync(self._find_caller, dict(request.headers))
                return await answer(request, caller)
            except ProblemError as problem:
                return problem.response
            except AnalyticsError as error:
                return ProblemError(422, error.where, error.problem, error.hint).response
            except SQLAlchemyError as error:
                _logger.warning("Annotations cannot be read or kept: %s", error)
                return ProblemError(503, "store", "is not available", "Retry", 2).response

        return serve

    async def _list(self, request: Request, caller: Caller) -> Response:
        if caller.viewer is None:
            raise _refusal(caller, "may not see Insights", ANALYTICS_INSIGHTS_READ)
        query = request.query_params
        ends = {name: parse_time(name, query[name]) for name in ("since", "until") if name in query}
        window, tag = Window(ends.get("since"), ends.get("until")), query.get("tag")
        found = await to_thread.run_sync(lambda: self._annotations.list(window, tag=tag))
        return json_response({"items": [one.to_wire() for one in found]})

    async def _add(self, request: Request, caller: Caller) -> Response:
        self._require_writer(caller)
        require_media_type(request)
        annotation = Annotation.from_wire(await _read_object(request), caller.user)
        kept = await to_thread.run_sync(self._annotations.add, annotation)
        return json_response(kept.to_wire(), status=201)

    async def _remove(self, request: Request, caller: Caller) -> Response:
        self._require_writer(caller)
        id_ = request.path_params["id"]
        if not await to_thread.run_sync(self._annotations.remove, id_):
            raise ProblemError(404, "id", f"{id_[:60]!r} is unknown", f"Use one of GET {PATH}")
        return Response(status_code=204)

    async def _before_after(self, request: Request, caller: Caller) -> Response:
        viewer, compare = caller.viewer, self._compare
        if viewer is None or compare is None:
            raise _refusal(caller, "may not see Insights", ANALYTICS_INSIGHTS_READ)
        id_, days = request.path_params["id"], request.query_params.get("days", str(DAYS))
        if not days.isascii() or not days.isdigit():
            raise ProblemError(422, "days", f"is {days[:20]!r}", "Use a whole number of days")
        found = await to_thread.run_sync(self._annotations.find, id_)
        if found is None:
            raise ProblemError(404, "id", f"{id_[:60]!r} is unknown", f"Use one of GET {PATH}")
        numbers = await to_thread.run_sync(compare, found.at, viewer, int(days))
        wire = {"annotation": found.to_wire(), "numbers": [one.to_wire() for one in numbers]}
        return json_response(wire)

    def _require_writer(self, caller: Caller) -> None:
        if not caller.may_annotate:
            raise _refusal(caller, "may not annotate", ANALYTICS_MANAGE)


async def _read_object(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES:
            raise ProblemError(413, "body", f"is over {BODY_BYTES} bytes", "Send a shorter text")
    try:
        content = orjson.loads(bytes(body))
    except orjson.JSONDecodeError:
        raise ProblemError(400, "body", "is not JSON", 'Send {"at": ..., "text": ...}') from None
    if not isinstance(content, dict):
        raise ProblemError(422, "body", "is not an object", 'Send {"at": ..., "text": ...}')
    return content


def _refusal(caller: Caller, problem: str, permission: str) -> ProblemError:
    status = 401 if caller.user is None else 403
    return ProblemError(status, "user", problem, f"Ask the portal's owner for {permission}")
