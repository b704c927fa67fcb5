"""Who may call a route or an event handler: declared beside it, checked before it runs.

A state class or one of its handlers is declared with `@access(...)`, an HTTP route by being a
`GuardedRoute`. A portal's guard refuses whatever declares nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from anyio import to_thread
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

_ATTRIBUTE = "__access__"
CHECK_KEY = "backstage_py.check"
"""The key of a request's scope that holds the guard's `Check`."""

_Declared = TypeVar("_Declared")


@dataclass(frozen=True, slots=True)
class Access:
    """What a caller needs: nothing, an identity, or a permission.

    A permission can be granted to anonymous callers, so it doesn't imply an identity.
    """

    permission: str | None = None
    needs_user: bool = False


PUBLIC = Access()
SIGNED_IN = Access(needs_user=True)


def access(rule: Access | str) -> Callable[[_Declared], _Declared]:
    """Declare who may call the handlers of a state class, or one handler.

    On a handler it goes below `@rx.event` and replaces what its class declares. A string is
    the name of a permission.
    """

    def declare(declared: _Declared) -> _Declared:
        setattr(declared, _ATTRIBUTE, to_access(rule))
        return declared

    return declare


def to_access(rule: Access | str) -> Access:
    """The access that a declaration means."""
    return Access(permission=rule) if isinstance(rule, str) else rule


def find_access(handler: Any, state: type) -> Access | None:
    """The access that an event handler or its state class declares; None for neither."""
    function = getattr(handler, "func", handler)
    return getattr(function, _ATTRIBUTE, None) or vars(state).get(_ATTRIBUTE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call is refused: nobody is signed in (401), or a permission is missing (403)."""

    permission: str | None = None

    @property
    def status(self) -> int:
        """The HTTP status of it."""
        return 403 if self.permission else 401

    @property
    def message(self) -> str:
        """The message for the person."""
        if self.permission:
            return f"You need the permission {self.permission}. Ask the owner of the portal for it."
        return "Sign in first."

    def to_response(self) -> Response:
        """The HTTP answer, in the form of Backstage's backends."""
        name = "NotAllowedError" if self.permission else "AuthenticationError"
        content = {
            "error": {"name": name, "message": self.message},
            "response": {"statusCode": self.status},
        }
        headers = {"Cache-Control": "no-store"}
        return JSONResponse(content, status_code=self.status, headers=headers)


class Check(Protocol):
    """Checks whether the sender of a request has an access; it may wait for a database."""

    def __call__(self, headers: Mapping[str, str], rule: Access) -> Refusal | None:
        """The refusal, or None if access is allowed."""
        ...


class GuardedRoute(Route):
    """A route that declares who may call it.

    The guard of the portal leaves its check in the request's scope. Without one, as in an app
    that only has the analytics library, the endpoint checks for itself.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: list[str],
        access: Access | str,
    ) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.access = to_access(access)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request if its sender has access."""
        check: Check | None = scope.get(CHECK_KEY)
        refusal = (
            await to_thread.run_sync(check, Headers(scope=scope), self.access) if check else None
        )
        if refusal is None:
            await super().handle(scope, receive, send)
        else:
            await refusal.to_response()(scope, receive, send)
