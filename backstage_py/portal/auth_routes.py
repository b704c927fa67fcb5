"""`/api/auth`: signs guests in and out by a cookie that only the server can make."""

from collections.abc import Mapping

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

SESSION_COOKIE = "backstage_py_session"
SESSION_SECONDS = 30 * 24 * 60 * 60


class GuestSessions:
    """Knows the guest by the cookie that the sign-in page issued; it ends after 30 days."""

    def __init__(self, user: str, secret: str) -> None:
        self.user = user
        self._serializer = URLSafeTimedSerializer(secret, salt=SESSION_COOKIE)

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The guest, or None without a valid cookie."""
        return self.user if any(map(self._is_session, _session_cookies(headers))) else None

    def is_shared(self, user: str) -> bool:
        """Whether it is the guest."""
        return user == self.user

    def issue_cookie(self, *, secure: bool = False) -> str:
        """The `Set-Cookie` that signs the guest in; `secure` where the portal is on HTTPS."""
        return _set_cookie(str(self._serializer.dumps(self.user)), SESSION_SECONDS, secure=secure)

    def clear_cookie(self, *, secure: bool = False) -> str:
        """The `Set-Cookie` that signs out."""
        return _set_cookie("", 0, secure=secure)

    def _is_session(self, cookie: str) -> bool:
        try:
            return self._serializer.loads(cookie, max_age=SESSION_SECONDS) == self.user
        except BadData:
            return False


def _session_cookies(headers: Mapping[str, str]) -> list[str]:
    texts = [value for name, value in headers.items() if name.lower() == "cookie"]
    pairs = [pair.strip().partition("=") for text in texts for pair in text.split(";")]
    return [value.strip('"') for name, _, value in pairs if name == SESSION_COOKIE]


def _set_cookie(value: str, seconds: int, *, secure: bool) -> str:
    cookie = f"{SESSION_COOKIE}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={seconds}"
    return f"{cookie}; Secure" if secure else cookie


def guest_routes(guests: GuestSessions) -> list[Route]:
    """The routes of the guest provider; each leads back to the start page."""

    async def sign_in(request: Request) -> RedirectResponse:  # ruff: ignore[unused-async]
        return _back(guests.issue_cookie(secure=request.url.scheme == "https"))

    async def sign_out(request: Request) -> RedirectResponse:  # ruff: ignore[unused-async]
        return _back(guests.clear_cookie(secure=request.url.scheme == "https"))

    return [
        Route("/api/auth/guest", sign_in, methods=["POST"]),
        Route("/api/auth/sign-out", sign_out, methods=["POST"]),
    ]


def _back(cookie: str) -> RedirectResponse:
    return RedirectResponse("/", status_code=303, headers={"Set-Cookie": cookie})
