"""Gives each page one address, under which it is served without a redirect.

Reflex's static files answer `/docs` with a redirect to `/docs/`, and React Router shows the
same page for `/docs`, `/docs/` and `/Docs`. The first `navigate` of a visit would then have
another subject than later ones to the same page.
"""

from collections.abc import Callable
from urllib.parse import quote

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_SAFE = "/:@!$&'()*+,;=~"
_PERMANENT = 308


class TypedAddress:
    """ASGI middleware: serves `/docs`, and redirects `/docs/` and `/Docs` to it.

    Args:
        app: What serves the pages.
        matches_page: Gives the route of a path below the prefix, `docs/[name]` for example.
        prefix: Reflex's `frontend_path`, such as `/portal`; empty at the root.
    """

    def __init__(
        self, app: ASGIApp, matches_page: Callable[[str], str | None], *, prefix: str = ""
    ) -> None:
        self._app = app
        self._matches_page = matches_page
        self._prefix = prefix.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        page = self._find_page(path)
        if page is None:
            await self._app(scope, receive, send)
        elif page == path:
            await self._app({**scope, "path": f"{path}/"}, receive, send)
        else:
            query = scope["query_string"].decode("latin-1")
            address = quote(page, safe=_SAFE) + (f"?{query}" if query else "")
            await RedirectResponse(address, _PERMANENT)(scope, receive, send)

    def _find_page(self, path: str) -> str | None:
        """The one address of a page, or None for what is not a page."""
        below = "/" + path.removeprefix(self._prefix).strip("/")
        if below == "/" or not path.startswith(f"{self._prefix}/"):
            return None  # the first page has one address, with the slash
        route = self._matches_page(below) or self._matches_page(below.lower())
        if route is None or route.lstrip("/").startswith(("[...", "[[...")):
            return None  # not a page, or one that takes every address, those of files too
        return self._prefix + _with_case_of(route, below)


def _with_case_of(route: str, path: str) -> str:
    """The path with the fixed segments as the route has them; parameters stay as they are."""
    names, segments = route.strip("/").split("/"), path.strip("/").split("/")
    named = [
        segment if name.startswith("[") else name
        for name, segment in zip(names, segments, strict=False)
    ]
    return "/" + "/".join([*named, *segments[len(names) :]])
