"""Protects the portal from other web sites: hosts, origins, and security headers.

Every request and every websocket passes here first. A page of another origin may not call the
portal, requests for a host that isn't the portal's are refused, and each answer carries the headers
that keep a page from being framed, sniffed, or given scripts. Sources: OWASP's cheat sheets on
CSRF and CSP, Fetch Metadata (W3C), RFC 6797.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backstage_py.analytics import (
    CHECK_KEY,
    Check,
    Config,
    ConfigurationError,
    Origins,
    is_own_fetch,
)

_PROBES = frozenset({"/livez", "/readyz", "/ping"})
"""The paths that load balancers request, under any host name."""
_HASHED_ASSET = re.compile(r"/assets/(?!reflex-env-)[^/]+-[\w-]{8}\.\w+$")
"""Files of the build with a hash in their name; the backend has no such addresses."""
_CONTENT = frozenset({200, 206, 304})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_INLINE_SCRIPT = re.compile(
    rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE
)
_FRAME_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_SECURE_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
"""Headers that browsers obey only over TLS."""
_NO_DOCUMENT = "default-src 'none'; frame-ancestors 'none'"
CSP: Mapping[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "base-uri": ("'self'",),
    "connect-src": ("'self'", "ws:", "wss:"),
    "font-src": ("'self'", "data:"),
    "form-action": ("'self'",),
    "frame-ancestors": ("'self'",),
    "frame-src": ("'self'",),
    "img-src": ("'self'", "data:", "blob:", "https:"),
    "media-src": ("'self'", "https:"),
    "object-src": ("'none'",),
    # Reflex runs scripts from its server (toasts, redirects, rx.call_script) with eval, and the
    # forms of templates compile their schemas. It opens no inline scripts and no javascript: links.
    "script-src": ("'self'", "'unsafe-eval'"),
    # Radix and emotion write styles into the page.
    "style-src": ("'self'", "'unsafe-inline'"),
    "worker-src": ("'self'", "blob:"),
}
"""The policy of pages, before `backend.csp` and the tags of analytics tools."""


def build_csp(config: Config, tag_origins: Iterable[str] = ()) -> dict[str, tuple[str, ...]]:
    """The policy with the owner's additions in `backend.csp`, in Backstage's form.

    A list replaces a directive, false leaves it out.

    Args:
        config: The portal's configuration.
        tag_origins: The origins that the configured tools' scripts load from and send to.

    Raises:
        ConfigurationError: If a directive isn't a list of strings or false.
    """
    csp = {name: tuple(values) for name, values in CSP.items()}
    origins = tuple(tag_origins)
    for name in ("script-src", "connect-src", "img-src"):
        csp[name] = (*csp[name], *origins)
    section = config.section("backend.csp")
    for name in section.keys():  # ruff: ignore[in-dict-keys]
        values = _read_directive(section, name)
        if values:
            csp[name] = tuple(values)
        else:
            csp.pop(name, None)
    return csp


def _read_directive(section: Config, name: str) -> Sequence[str]:
    try:
        values = section.get_optional_list(name)
    except ConfigurationError:
        if section.get_optional_boolean(name) is False:
            return ()
        raise
    if not all(isinstance(value, str) and ";" not in value for value in values or ()):
        hint = "Use a list of sources, as [\"'self'\", 'https://cdn.example.com'], or false"
        raise ConfigurationError(section.where(name), "is not a list of sources", hint)
    return values or ()


class WebGuard:
    """ASGI middleware: refuses foreign requests, and adds the headers to each response.

    Args:
        app: The portal.
        origins: Which origins and hosts are the portal's own.
        csp: The policy of its pages.
        check: Who may call which route; left in the scope for `GuardedRoute`.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        origins: Origins,
        csp: Mapping[str, Sequence[str]],
        check: Check | None = None,
    ) -> None:
        self._app = app
        self._origins = origins
        self._csp = csp
        self._check = check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        problem = self._find_problem(scope)
        if scope["type"] == "websocket":
            if problem:
                await receive()
                await send({"type": "websocket.close", "code": 1008, "reason": problem[0]})
                return
            await self._app(scope, receive, send)
            return
        writer = _HeaderWriter(
            send,
            self._csp,
            is_secure=scope["scheme"] == "https",
            is_lasting=_HASHED_ASSET.search(scope["path"]) is not None,
        )
        if problem:
            await _refuse(*problem)(scope, receive, writer.send)
            return
        inner = {**scope, CHECK_KEY: self._check, "extensions": _without_pathsend(scope)}
        await self._app(inner, receive, writer.send)

    def _find_problem(self, scope: Scope) -> tuple[str, str] | None:
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._origins.knows_host(host) and scope["path"] not in _PROBES:
            hint = "Name it in app.baseUrl or backend.allowedHosts"
            return f"Host: {host[:100]!r} isn't a name of this portal", hint
        if origin is not None:
            if not self._origins.is_own(origin, host):
                hint = "Call the portal from its own address; further ones are backend.cors.origin"
                return "Origin: is another site", hint
            return None
        if not is_own_fetch(headers) and _is_call(scope, headers):
            return "Sec-Fetch-Site: is another site", "Call the portal from its own pages"
        return None


def _is_call(scope: Scope, headers: Headers) -> bool:
    """Whether a request reads data or changes something, rather than opening a page or a link."""
    if scope["type"] == "websocket" or scope["method"] not in _SAFE_METHODS:
        return True
    return (
        scope["path"].startswith(("/api/", "/mcp")) and headers.get("sec-fetch-mode") != "navigate"
    )


class _HeaderWriter:
    """Adds the security headers to one response; holds a page back until its scripts are known."""

    def __init__(
        self,
        send: Send,
        csp: Mapping[str, Sequence[str]],
        *,
        is_secure: bool,
        is_lasting: bool,
    ) -> None:
        self._send = send
        self._csp = csp
        self._is_secure = is_secure
        self._is_lasting = is_lasting
        self._start: Message | None = None
        self._page = bytearray()

    async def send(self, message: Message) -> None:
        """Forward a message of the response."""
        if message["type"] == "http.response.start":
            self._add_headers(message)
            headers = Headers(raw=message["headers"])
            if headers.get("content-type", "").startswith("text/html"):
                self._start = message
                return
        elif self._start is not None and message["type"] == "http.response.body":
            self._page += message.get("body", b"")
            if message.get("more_body"):
                return
            headers = MutableHeaders(raw=self._start["headers"])
            encoding = headers.get("content-encoding", "")
            headers.setdefault(
                "Content-Security-Policy", write_csp(self._csp, bytes(self._page), encoding)
            )
            await self._send({**self._start, "headers": headers.raw})
            self._start = None
            message = {**message, "body": bytes(self._page)}
        await self._send(message)

    def _add_headers(self, message: Message) -> None:
        headers = MutableHeaders(raw=list(message.get("headers", ())))
        wanted = {**_FRAME_HEADERS, **(_SECURE_HEADERS if self._is_secure else {})}
        for name, value in wanted.items():
            headers.setdefault(name, value)
        if self._is_lasting and message["status"] in _CONTENT:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if headers.get("content-type", "").startswith("application/json"):
            headers.setdefault("Content-Security-Policy", _NO_DOCUMENT)
        message["headers"] = headers.raw


def write_csp(csp: Mapping[str, Sequence[str]], page: bytes, encoding: str = "") -> str:
    """The header for a page: the policy, and the hashes of the page's own inline scripts.

    The page is a file of the build, which holds no text of users.
    """
    text = gzip.decompress(page) if encoding == "gzip" and page else page
    hashes = tuple(dict.fromkeys(_hash(script) for script in _INLINE_SCRIPT.findall(text)))
    with_hashes = {**csp, "script-src": (*csp.get("script-src", ()), *hashes)}
    return "; ".join(" ".join((name, *values)) for name, values in with_hashes.items())


def _hash(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


def _refuse(problem: str, hint: str) -> Response:
    content: dict[str, Any] = {
        "error": {"name": "NotAllowedError", "message": f"{problem}. {hint}"},
        "response": {"statusCode": 403},
    }
    return JSONResponse(content, status_code=403, headers={"Cache-Control": "no-store"})


def _without_pathsend(scope: Scope) -> dict[str, Any]:
    """The server's extensions except the one that sends files past this guard."""
    extensions = scope.get("extensions") or {}
    return {name: value for name, value in extensions.items() if name != "http.response.pathsend"}
