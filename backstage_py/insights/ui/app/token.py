"""A token instead of a sign-in: people enter it once, and a cookie remembers it.

The cookie is signed with the token, so that it ends with it. It holds nothing else.
"""

import hmac
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from backstage_py.analytics import PUBLIC, GuardedRoute, Origins, ProblemError, require_own_origin

PATH = "/api/insights/session"
COOKIE = "backstage_py_insights"
REFUSED = "token=refused"
"""In the address of the page that asks again, after a wrong token."""
MAX_SECONDS = 7 * 24 * 60 * 60
"""How long the cookie counts."""
MAX_CHARACTERS = 1_000
MAX_BODY_BYTES = 16 * MAX_CHARACTERS
_SALT = "backstage_py.insights"
_MARK = "holder"


class DashboardToken:
    """The token of `app.analytics.insights.token`."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._serializer = URLSafeTimedSerializer(token, salt=_SALT)

    def is_held(self, headers: Mapping[str, str]) -> bool:
        """Whether a request has the token as its bearer, or the cookie of its holder."""
        named = {name.lower(): value for name, value in headers.items()}
        scheme, _, given = named.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.fits(given.strip()):
            return True
        try:
            cookie = SimpleCookie(named.get("cookie", "")).get(COOKIE)
            mark = self._serializer.loads(cookie.value, max_age=MAX_SECONDS) if cookie else None
        except (BadSignature, CookieError):
            return False
        return mark == _MARK

    def fits(self, given: str) -> bool:
        """Whether a text is the token; it takes as long for every wrong one."""
        return hmac.compare_digest(given.encode(), self._token)

    def write_cookie(self) -> str:
        """The value of its holder's cookie."""
        return str(self._serializer.dumps(_MARK))


def token_route(
    token: DashboardToken, origins: Origins, *, prefix: str, dashboard: str
) -> GuardedRoute:
    """The route that takes the form of the token, and leads back to the page `dashboard`."""

    async def enter(request: Request) -> Response:
        try:
            require_own_origin(request, origins)
        except ProblemError as error:
            return error.response
        page = f"{request.headers.get('origin', '')}{dashboard}"
        if not token.fits(await _read_token(request)):
            return RedirectResponse(f"{page}?{REFUSED}", 303)
        response = RedirectResponse(page, 303)
        response.set_cookie(
            COOKIE,
            token.write_cookie(),
            max_age=MAX_SECONDS,
            path="/",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return response

    return GuardedRoute(f"{prefix}{PATH}", enter, methods=["POST"], access=PUBLIC)


async def _read_token(request: Request) -> str:
    """The token in the body of a form; of a body that is longer than a form can be, none."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return ""
    fields = parse_qs(body.decode("utf-8", "replace"))
    return fields.get("token", [""])[-1].strip()
