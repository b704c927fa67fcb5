"""`GET /api/events/identity`: the user ids that the tags of tools may use.

Identified by the request's cookie; the ids are those that `userIdTransform` makes.
"""

from collections.abc import Callable, Mapping, Sequence

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.identity.access import PUBLIC, GuardedRoute
from backstage_py.analytics.identity.identity import IdentityApi
from backstage_py.analytics.identity.origin import Origins
from backstage_py.analytics.ingest.endpoint import ProblemError, require_own_origin


class IdentityEndpoint:
    """Serves the user's ids to the page that the user is on."""

    def __init__(
        self,
        identity: IdentityApi,
        backends: Sequence[Backend],
        *,
        is_recorded: Callable[[Mapping[str, str]], bool] = lambda _headers: True,
        origins: Origins,
    ) -> None:
        self._identity = identity
        self._origins = origins
        self._is_recorded = is_recorded
        self._backends = [backend for backend in backends if backend.api.browser_tag]

    def route(self, path: str) -> Route:
        """The route that serves it."""
        return GuardedRoute(path, self._serve, methods=["GET"], access=PUBLIC)

    async def _serve(self, request: Request) -> Response:
        try:
            require_own_origin(request, self._origins)
        except ProblemError as problem:
            return problem.response
        users = await to_thread.run_sync(self._users, dict(request.headers))
        return JSONResponse({"users": users}, headers={"Cache-Control": "no-store"})

    def _users(self, headers: dict[str, str]) -> dict[str, str]:
        if not self._is_recorded(headers):
            return {}
        user = self._identity.identify(headers)
        ids = ((backend.name, backend.identity.user_id(user)) for backend in self._backends)
        return {name: id_ for name, id_ in ids if id_ is not None}
