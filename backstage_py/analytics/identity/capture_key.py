"""The capture key: the user an event belongs to, fixed when it is captured.

The server tells each browser who is signed in through a cookie that the page can read. The page
stores it with every event that waits to be sent, so that one person's events never count for the
next person who uses the browser. It is signed: a browser can only repeat what the server sent.
"""

import base64
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from http.cookies import CookieError, SimpleCookie

import orjson
from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backstage_py.analytics.clock import utc_now
from backstage_py.analytics.identity.identity import IdentityApi, knows_people

COOKIE = "backstage_py_capture"
NOBODY = "0"
"""The key of a browser in which nobody is signed in; it identifies no user."""
KEY_SECONDS = 7 * 24 * 60 * 60
"""How long a key is valid; events that wait longer become anonymous."""
RENEWED_AFTER_SECONDS = 24 * 60 * 60
KEY_CHARACTERS = 2_048


class CaptureKeys:
    """Makes and reads capture keys.

    Args:
        identity: Identifies the sender of a request.
        secret: Returns the secret that keys are signed with.
        accepted: Returns further secrets whose keys count.
    """

    def __init__(
        self,
        identity: IdentityApi,
        secret: Callable[[], str],
        accepted: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        self._identity = identity
        self._secret = secret
        self._accepted = accepted

    def person(self, key: object, headers: Mapping[str, str]) -> str | None:
        """The user who was signed in at capture time.

        Args:
            key: The browser's key at that time. Without one, as from other senders, the sender of
                the request counts; a forged or expired key gives no user.
            headers: The request's headers.
        """
        if key is None:
            return self._identity.identify(headers)
        found = self._read(key)
        return found[1] if found else None

    def missing_cookie(self, headers: Mapping[str, str], *, is_secure: bool) -> str | None:
        """The `Set-Cookie` with a browser's key, if it does not have the right one.

        Args:
            headers: The request's headers, with the cookies that the browser will have.
            is_secure: Whether the browser uses HTTPS.
        """
        if not knows_people(self._identity):
            return None
        user = self._identity.identify(headers)
        told = _cookies(headers).get(COOKIE)
        if user is None:
            return None if told == NOBODY else _set_cookie(NOBODY, is_secure=is_secure)
        found = self._read(told)
        if found is None or found[1] != user:
            return _set_cookie(self._make(secrets.token_urlsafe(6), user), is_secure=is_secure)
        stay, _, age = found
        if age < RENEWED_AFTER_SECONDS:
            return None
        return _set_cookie(self._make(stay, user), is_secure=is_secure)

    def _make(self, stay: str, user: str) -> str:
        """A key; `stay` is the same from a sign-in to its sign-out."""
        text = f"{_encode(orjson.dumps([stay, user]))}.{int(utc_now().timestamp())}"
        return f"{text}.{_signature(text, self._secret())}"

    def _read(self, key: object) -> tuple[str, str, float] | None:
        """The stay, the user and the age in seconds of a key; None if it is not one of ours."""
        if not isinstance(key, str) or len(key) > KEY_CHARACTERS or not key.isascii():
            return None
        text, _, signature = key.rpartition(".")
        if not any(
            hmac.compare_digest(_signature(text, secret), signature)
            for secret in (self._secret(), *self._accepted())
        ):
            return None
        payload, _, made_at = text.partition(".")
        age = utc_now().timestamp() - int(made_at)
        if age > KEY_SECONDS:
            return None
        stay, user = orjson.loads(base64.urlsafe_b64decode(f"{payload}==="))
        return stay, user, age


class KeyedResponses:
    """ASGI middleware: sends browsers their capture key with responses that may change it.

    These are pages, responses to events, and responses that set cookies, as at sign-in and
    sign-out.

    Args:
        app: The wrapped ASGI app.
        keys: Makes the keys.
        endpoint: The path that events are posted to.
    """

    def __init__(self, app: ASGIApp, keys: CaptureKeys, endpoint: str) -> None:
        self._app = app
        self._keys = keys
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        is_told_anyway = scope["path"] == self._endpoint or (
            scope["method"] == "GET" and "text/html" in asked.get("accept", "")
        )

        async def send_with_key(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                set_cookies = answer.getlist("set-cookie")
                if set_cookies or is_told_anyway:
                    then = _after(dict(asked), set_cookies)
                    is_secure = scope.get("scheme") == "https"
                    cookie = await to_thread.run_sync(
                        lambda: self._keys.missing_cookie(then, is_secure=is_secure)
                    )
                    if cookie:
                        answer.append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_key)


def _signature(text: str, secret: str) -> str:
    """HMAC (RFC 2104), named after its use: the secret signs other things too."""
    return _encode(hmac.digest(secret.encode(), f"{COOKIE} {text}".encode(), "sha256"))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _after(headers: Mapping[str, str], set_cookies: Iterable[str]) -> dict[str, str]:
    """The request's headers as the browser would send them after an answer that sets cookies."""
    cookies = _cookies(headers)
    for text in set_cookies:
        try:
            parsed = SimpleCookie(text)
        except CookieError:
            continue
        for name, morsel in parsed.items():
            if morsel["max-age"] in {"0", 0} or not morsel.value:
                cookies.pop(name, None)
            else:
                cookies[name] = morsel.coded_value
    others = {name: value for name, value in headers.items() if name.lower() != "cookie"}
    return {**others, "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    texts = [value for name, value in headers.items() if name.lower() == "cookie"]
    pairs = [pair.strip().partition("=") for text in texts for pair in text.split(";")]
    return {name: value for name, _, value in pairs if name}


def _set_cookie(key: str, *, is_secure: bool) -> str:
    cookie = f"{COOKIE}={key}; Path=/; Max-Age={KEY_SECONDS}; SameSite=Lax"
    return f"{cookie}; Secure" if is_secure else cookie
