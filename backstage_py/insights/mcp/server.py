"""`/mcp`: the tools through the Model Context Protocol, over streamable HTTP.

Source: https://modelcontextprotocol.io/specification; the server is that of the official SDK. Each
request is independent and answered as JSON, so that any of several workers may serve it.
"""

import contextlib
from collections.abc import AsyncGenerator, Callable
from typing import Any, TypeVar

from anyio import to_thread
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from backstage_py.analytics import (
    ANALYTICS_INSIGHTS_READ,
    AnalyticsError,
    GuardedRoute,
    Origins,
    ProblemError,
    require_own_origin,
)
from backstage_py.insights.callers import Caller, FindCaller
from backstage_py.insights.mcp.tools import Asked, InsightsTools
from backstage_py.insights.scope import Condition

PATH = "/mcp"
BODY_BYTES = 65_536
_CALLER = "backstage_py.caller"
_T = TypeVar("_T")
_CHECKED_HERE = TransportSecuritySettings(enable_dns_rebinding_protection=False)
"""The host and the origin are checked by the app and by `serve`."""
_INSTRUCTIONS = (
    "Product analytics of this portal. Call list_questions first, then ask with one of its names."
    " Each answer says which time it covers, how many events it rests on and what was left out:"
    " repeat that when you report a number. Small groups of people are withheld, never zero."
)


class McpServer:
    """The server of one app; `running` has to be entered while it serves."""

    def __init__(
        self,
        tools: InsightsTools,
        find_caller: FindCaller,
        *,
        version: str = "",
        origins: Origins,
    ) -> None:
        self._find_caller = find_caller
        self._origins = origins
        self._tools = tools
        self._version = version
        self._manager: StreamableHTTPSessionManager | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Serves requests inside the `with` block; may be entered again afterwards."""
        server = MCPServer("insights", instructions=_INSTRUCTIONS, version=self._version)
        _add_tools(server, self._tools)
        server.streamable_http_app(
            json_response=True,
            stateless_http=True,
            max_request_body_size=BODY_BYTES,
            transport_security=_CHECKED_HERE,
        )
        self._manager = server.session_manager
        async with self._manager.run():
            yield
        self._manager = None

    def route(self, path: str = PATH) -> Route:
        """The route that serves it."""
        methods = ["GET", "POST", "DELETE"]
        return GuardedRoute(path, _Endpoint(self), methods=methods, access=ANALYTICS_INSIGHTS_READ)

    async def serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer requests of callers who may see Insights; refuse others."""
        try:
            request = Request(scope, receive)
            require_own_origin(request, self._origins)
            caller = await to_thread.run_sync(self._find_caller, dict(request.headers))
            _require_permission(caller)
            manager = self._require_manager()
        except ProblemError as problem:
            await problem.response(scope, receive, send)
            return
        scope[_CALLER] = caller
        await manager.handle_request(scope, receive, send)

    def _require_manager(self) -> StreamableHTTPSessionManager:
        if self._manager is None:
            raise ProblemError(503, "mcp", "is not started yet", "Send it again later", 2)
        return self._manager


class _Endpoint:
    """An ASGI app of its own, since Starlette wraps functions that take a request."""

    def __init__(self, server: McpServer) -> None:
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._server.serve(scope, receive, send)


def _require_permission(caller: Caller) -> None:
    if caller.viewer is not None or caller.may_annotate:
        return
    status = 401 if caller.user is None else 403
    hint = "Send a token with analytics.insights.read as Authorization: Bearer ..."
    problem = ProblemError(status, "Authorization", "does not allow this", hint)
    if status == 401:  # ruff: ignore[magic-value-comparison]
        problem.response.headers["WWW-Authenticate"] = "Bearer"
    raise problem


def _add_tools(server: MCPServer[Any], tools: InsightsTools) -> None:
    @server.tool(structured_output=True)
    async def list_questions(ctx: Context[Any, Any]) -> dict[str, Any]:
        """List the questions that can be asked, their parameters, and the fields to filter by."""
        return await _run(lambda: tools.list_questions(_caller(ctx)))

    @server.tool(structured_output=True)
    async def ask(
        ctx: Context[Any, Any],
        question: str,
        parameters: dict[str, Any] | None = None,
        since: str | None = None,
        until: str | None = None,
        zone: str = "UTC",
        filters: list[Condition] | None = None,
        break_down: str | None = None,
        with_sample: bool = True,
        with_robots: bool = False,
    ) -> dict[str, Any]:
        """Ask a question of list_questions.

        since is inclusive, until exclusive: dates or times; without them the last 28 days. zone is
        an IANA time zone. filters narrow the events; break_down is a field to answer the question
        for each of its most frequent values.
        """
        asked = Asked(since, until, zone, tuple(filters or ()), with_sample, with_robots)
        return await _run(
            lambda: tools.ask(
                _caller(ctx), question, asked, parameters=parameters or {}, break_down=break_down
            )
        )

    @server.tool(structured_output=True)
    async def events(
        ctx: Context[Any, Any],
        since: str | None = None,
        until: str | None = None,
        zone: str = "UTC",
        filters: list[Condition] | None = None,
        cursor: int | None = None,
        limit: int = 20,
    ) -> dict[str, Any]:
        """Show the events behind a number, the newest first; cursor is nextCursor of the last."""
        asked = Asked(since, until, zone, tuple(filters or ()))
        return await _run(lambda: tools.events(_caller(ctx), asked, cursor=cursor, limit=limit))

    @server.tool(structured_output=True)
    async def before_after(
        ctx: Context[Any, Any],
        annotation: str | None = None,
        version: str | None = None,
        at: str | None = None,
        days: int = 7,
        zone: str = "UTC",
        filters: list[Condition] | None = None,
        with_sample: bool = True,
        with_robots: bool = False,
    ) -> dict[str, Any]:
        """Compare the headline numbers after a moment with the same weekdays before it.

        Name an annotation by its id (list_questions lists them), a version of the app, or a time.
        Each number says whether its change is more than noise.
        """
        asked = Asked(None, None, zone, tuple(filters or ()), with_sample, with_robots)
        return await _run(
            lambda: tools.before_after(
                _caller(ctx), asked, annotation=annotation, version=version, at=at, days=days
            )
        )

    @server.tool(structured_output=True)
    async def annotate(
        ctx: Context[Any, Any], text: str, at: str | None = None, tags: list[str] | None = None
    ) -> dict[str, Any]:
        """Mark a moment on every chart, as a release; at is a time, now unless given."""
        return await _run(lambda: tools.annotate(_caller(ctx), text, at, tags or []))


async def _run(work: Callable[[], _T]) -> _T:
    """Run it in a thread; errors that the caller can fix are returned to the caller."""
    try:
        return await to_thread.run_sync(work)
    except AnalyticsError as error:
        raise ToolError(str(error)) from None
    except SQLAlchemyError:
        raise ToolError("The store does not answer. Try again later.") from None


def _caller(ctx: Context[Any, Any]) -> Caller:
    request = ctx.request_context.request
    assert isinstance(request, Request)
    return request.scope[_CALLER]
