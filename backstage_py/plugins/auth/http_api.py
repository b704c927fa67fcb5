"""`/api/auth`: the routes for signing in and out. Source: `@backstage/plugin-auth-backend`."""

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from anyio import to_thread
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from backstage_py.analytics import PUBLIC, GuardedRoute
from backstage_py.plugins.auth.cookies import BROWSER, PROBLEM, SESSION, Cookies, find_cookie
from backstage_py.plugins.auth.database import new_secret
from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.identity import PortalIdentity
from backstage_py.plugins.auth.pending import SECONDS as PENDING_SECONDS
from backstage_py.plugins.auth.providers.provider import ProxyProvider
from backstage_py.plugins.auth.redirects import HOME, safe_path
from backstage_py.plugins.auth.sign_in import Browser, ReturnedError, SignedIn, SignInService

_logger = logging.getLogger(__name__)

PROBLEM_SECONDS = 300
FORM_BYTES = 8_192
COOKIE_SECONDS = 400 * 24 * 60 * 60
"""The longest time browsers keep a cookie; the server decides when a session ends."""
_KEY_CHARACTERS = 43


class Problems:
    """Passes the reason of a failed sign-in to the sign-in page, in a signed cookie."""

    def __init__(self, secret: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt=PROBLEM)

    def write(self, error: SignInError) -> str:
        """The cookie's value."""
        return str(self._serializer.dumps([error.reason.value, error.detail[:200]]))

    def read(self, headers: Mapping[str, str]) -> tuple[Reason, str] | None:
        """The reason and its detail; None if no sign-in failed recently."""
        try:
            found = self._serializer.loads(find_cookie(headers, PROBLEM), max_age=PROBLEM_SECONDS)
            return Reason(found[0]), str(found[1])
        except (BadData, ValueError, LookupError, TypeError):
            return None


class AuthApi:
    """The routes; the portal's `WebGuard` keeps other sites from calling them.

    `base_url` is the portal's public address, in case a proxy changes the host.
    """

    def __init__(
        self,
        service: SignInService,
        identity: PortalIdentity,
        problems: Problems,
        *,
        list_owners: Callable[[str], tuple[str, ...]],
        base_url: str | None = None,
    ) -> None:
        self._service = service
        self._identity = identity
        self._problems = problems
        self._list_owners = list_owners
        self._base_url = base_url.rstrip("/") if base_url else None

    def routes(self) -> list[Route]:
        """All routes."""
        routes: tuple[tuple[str, str, Callable[[Request], Awaitable[Response]]], ...] = (
            ("GET", "/api/auth/{provider}/start", self._start),
            ("GET", "/api/auth/{provider}/handler/frame", self._finish),
            ("POST", "/api/auth/guest", self._enter_as_guest),
            ("POST", "/api/auth/sign-out", self._sign_out),
            ("GET", "/api/auth/v1/userinfo", self._tell_user),
        )
        return [
            GuardedRoute(path, endpoint, methods=[method], access=PUBLIC)
            for method, path, endpoint in routes
        ]

    async def _start(self, request: Request) -> Response:
        provider, service = request.path_params["provider"], self._service
        back = safe_path(request.query_params.get("redirect"))
        if proxy := service.providers.proxies.get(provider):
            return await self._enter_by_proxy(request, proxy, back)
        if provider not in service.providers.redirects:
            return _unknown(provider)
        callback = f"{self._origin(request)}/api/auth/{quote(provider)}/handler/frame"
        browser = self._browser(request)
        try:
            url = await to_thread.run_sync(
                lambda: service.start(provider, browser, callback=callback, back=back)
            )
        except (SignInError, SQLAlchemyError) as error:
            return self._fail(request, error, back)
        cookies = self._cookies(request)
        return _redirect(url, cookies.set(BROWSER, browser.key, PENDING_SECONDS))

    async def _enter_by_proxy(self, request: Request, proxy: ProxyProvider, back: str) -> Response:
        browser = self._browser(request)

        def enter() -> SignedIn:
            return self._service.enter_by_proxy(
                proxy.about, proxy.read(request), browser, back=back
            )

        try:
            done = await to_thread.run_sync(enter)
        except (SignInError, SQLAlchemyError) as error:
            return self._fail(request, error, back)
        return self._welcome(request, done)

    async def _finish(self, request: Request) -> Response:
        provider, service = request.path_params["provider"], self._service
        if provider not in service.providers.redirects:
            return _unknown(provider)
        answer, browser = dict(request.query_params), self._browser(request)
        try:
            done = await to_thread.run_sync(lambda: service.finish(provider, browser, answer))
        except ReturnedError as error:
            return self._fail(request, error, error.back)
        except (SignInError, SQLAlchemyError) as error:
            return self._fail(request, error, HOME)
        return self._welcome(request, done)

    async def _enter_as_guest(self, request: Request) -> Response:
        back = safe_path((await _read_form(request)).get("redirect"))
        browser = self._browser(request)
        try:
            done = await to_thread.run_sync(
                lambda: self._service.enter_as_guest(browser, back=back)
            )
        except (SignInError, SQLAlchemyError) as error:
            return self._fail(request, error, back)
        return self._welcome(request, done)

    async def _sign_out(self, request: Request) -> Response:
        """End the session; a JSON response names the provider's sign-out address."""
        secret = find_cookie(request.headers, SESSION)
        back = f"{self._origin(request)}{HOME}"
        try:
            url = await to_thread.run_sync(lambda: self._service.sign_out(secret, back=back))
        except SQLAlchemyError as error:
            _logger.warning("A session cannot be ended: %s", error)
            return _answer_error(503, "ServiceUnavailableError", "The database is not responding")
        cookies = self._cookies(request)
        if "application/json" in request.headers.get("accept", ""):
            answer: Response = JSONResponse({"redirect": url or HOME})
            answer.headers.append("Set-Cookie", cookies.clear(SESSION))
            return answer
        return _redirect(url or HOME, cookies.clear(SESSION), status=303)

    async def _tell_user(self, request: Request) -> Response:
        """The signed-in user, in the form of Backstage's userinfo."""
        headers = dict(request.headers)
        user = await to_thread.run_sync(self._identity.identify, headers)
        if user is None:
            return _answer_error(401, "AuthenticationError", "Sign in first")
        owners = await to_thread.run_sync(self._list_owners, user)
        claims = {"sub": user, "ent": list(owners)}
        return JSONResponse({"claims": claims}, headers={"Cache-Control": "no-store"})

    def _browser(self, request: Request) -> Browser:
        key = find_cookie(request.headers, BROWSER)
        return Browser(
            key=key if len(key) == _KEY_CHARACTERS else new_secret(),
            address=request.client.host if request.client else "",
            agent=request.headers.get("user-agent", ""),
            session=find_cookie(request.headers, SESSION),
        )

    def _welcome(self, request: Request, done: SignedIn) -> Response:
        cookies = self._cookies(request)
        return _redirect(
            done.back,
            cookies.set(SESSION, done.secret, COOKIE_SECONDS),
            cookies.clear(BROWSER),
            cookies.clear(PROBLEM),
            status=303,
        )

    def _fail(self, request: Request, error: Exception, back: str) -> Response:
        if not isinstance(error, SignInError):
            error = SignInError(Reason.UNREACHABLE, cause=f"the database: {error}")
        _logger.warning("A sign-in failed: %s", error)
        value = self._problems.write(error)
        return _redirect(
            back, self._cookies(request).set(PROBLEM, value, PROBLEM_SECONDS), status=303
        )

    def _cookies(self, request: Request) -> Cookies:
        return Cookies(is_secure=self._origin(request).startswith("https://"))

    def _origin(self, request: Request) -> str:
        """The address of the portal: the configured one, else the one the browser requested."""
        if self._base_url:
            parts = urlsplit(self._base_url)
            return f"{parts.scheme}://{parts.netloc}"
        return f"{request.url.scheme}://{request.url.netloc}"


async def _read_form(request: Request) -> dict[str, str]:
    """The fields of a small form; a larger one counts as empty."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            return {}
    found = parse_qs(body.decode("utf-8", "replace"))
    return {name: values[0] for name, values in found.items()}


def _unknown(provider: str) -> Response:
    message = f"There is no provider {json.dumps(provider[:40])}; see auth.providers"
    return _answer_error(404, "NotFoundError", message)


def _answer_error(status: int, name: str, message: str) -> Response:
    content: dict[str, Any] = {"error": {"name": name, "message": message}}
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


def _redirect(url: str, *cookies: str, status: int = 302) -> Response:
    answer = RedirectResponse(url, status_code=status, headers={"Cache-Control": "no-store"})
    for cookie in cookies:
        answer.headers.append("Set-Cookie", cookie)
    return answer
