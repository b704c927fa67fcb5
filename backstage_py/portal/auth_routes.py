"""`/api/auth`: signs guests in and out by a cookie that only the server can make."""

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from backstage_py.analytics import PUBLIC, GuardedRoute, GuestIdentityApi


def guest_routes(guests: GuestIdentityApi) -> list[Route]:
    """The routes of the guest provider; each leads back to the start page."""

    async def sign_in(request: Request) -> RedirectResponse:  # ruff: ignore[unused-async]
        return _back(guests.issue_cookie(secure=request.url.scheme == "https"))

    async def sign_out(request: Request) -> RedirectResponse:  # ruff: ignore[unused-async]
        return _back(guests.clear_cookie(secure=request.url.scheme == "https"))

    return [
        GuardedRoute("/api/auth/guest", sign_in, methods=["POST"], access=PUBLIC),
        GuardedRoute("/api/auth/sign-out", sign_out, methods=["POST"], access=PUBLIC),
    ]


def _back(cookie: str) -> RedirectResponse:
    return RedirectResponse("/", status_code=303, headers={"Set-Cookie": cookie})
