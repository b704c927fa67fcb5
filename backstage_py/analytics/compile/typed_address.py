"""Serves a prerendered page at the address that was typed, without a redirect.

Reflex's static files answer `/docs` with a redirect to `/docs/`. The first
`navigate` of a visit would then have a different subject from every later one to the same page.
"""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send


class TypedAddress:
    """ASGI middleware: looks a page's path up with a slash at its end.

    Args:
        app: The wrapped ASGI app.
        matches_page: Returns the route of a path, or None.
        prefix: The path above all pages, Reflex's `frontend_path`; routes do not contain it.
    """

    def __init__(
        self, app: ASGIApp, matches_page: Callable[[str], str | None], prefix: str = ""
    ) -> None:
        self._app = app
        self._matches_page = matches_page
        self._prefix = f"/{prefix.strip('/')}" if prefix.strip("/") else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] == "http" and self._is_page(scope):
            scope = {**scope, "path": f"{scope['path']}/"}
        await self._app(scope, receive, send)

    def _is_page(self, scope: Scope) -> bool:
        path: str = scope["path"]
        return (
            scope["method"] in {"GET", "HEAD"}
            and not path.endswith("/")
            and path.startswith(f"{self._prefix}/")
            and self._has_page(path.removeprefix(self._prefix))
        )

    def _has_page(self, path: str) -> bool:
        """Whether a page has this path; catch-all pages are left out, as they would match files."""
        route = self._matches_page(path)
        return route is not None and not route.lstrip("/").startswith(("[...", "[[..."))
