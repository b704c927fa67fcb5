"""Who the users are, by the session tokens of Clerk: JWTs that it signs, in the cookie `__session`.

It needs the extra "oidc", which brings joserfc. The keys are those that Clerk publishes for the
app; a token counts only for the pages that it was made for (`azp`).

    identity = ClerkIdentity.of("https://clerk.my-app.example", pages=["https://my-app.example"])
"""

import time
from collections.abc import Callable, Collection, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Self

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

COOKIE = "__session"
KEYS_SECONDS = 3_600


class ClerkIdentity:
    """Knows users by their tokens.

    Args:
        issuer: The address of Clerk for the app, as tokens name it in `iss`.
        pages: The origins of the app's pages.
        fetch_keys: Gives the keys of the issuer; they are asked for again after an hour.
    """

    def __init__(
        self, issuer: str, pages: Collection[str], fetch_keys: Callable[[], KeySet]
    ) -> None:
        self._issuer = issuer
        self._pages = pages
        self._fetch_keys = fetch_keys
        self._keys: KeySet | None = None
        self._fetched_at = 0.0

    @classmethod
    def of(cls, issuer: str, *, pages: Collection[str]) -> Self:
        """With the keys that the issuer publishes."""

        def fetch() -> KeySet:
            answer = httpx.get(f"{issuer}/.well-known/jwks.json", timeout=5)
            return KeySet.import_key_set(answer.raise_for_status().json())

        return cls(issuer, pages, fetch)

    def identify(self, headers: Mapping[str, str]) -> str | None:
        """The id of the user, which the library makes `user:default/ID` of."""
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        if cookie is None or not cookie.value:
            return None
        required = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self._issuer},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            token = jwt.decode(cookie.value, self._get_keys(), algorithms=["RS256"])
            required.validate(token.claims)
        except (JoseError, ValueError):
            return None
        page = token.claims.get("azp")
        return str(token.claims["sub"]) if page is None or page in self._pages else None

    def _get_keys(self) -> KeySet:
        if self._keys is None or time.monotonic() - self._fetched_at > KEYS_SECONDS:
            self._keys, self._fetched_at = self._fetch_keys(), time.monotonic()
        return self._keys
