"""Verifies the JSON Web Tokens of providers and proxies against their published keys."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from backstage_py.plugins.auth.errors import Reason, SignInError

_logger = logging.getLogger(__name__)

LEEWAY_SECONDS = 60
"""The maximum difference between the clocks of provider and portal."""
REFETCH_SECONDS = 10.0
"""Keys are fetched again for an unknown one, but not more often than this."""
KEPT_SECONDS = 3600.0
TIMEOUT_SECONDS = 10.0
MAX_BYTES = 1_000_000
_ALGORITHMS = tuple(f"{family}{bits}" for family in ("RS", "PS", "ES") for bits in (256, 384, 512))
"""Asymmetric ones only: with `none` or `HS256` whoever knows the public key could sign."""


class _Registry(JWSRegistry):
    """Allows custom header fields, such as those of AWS; `crit` is still obeyed."""

    max_header_length = 4096


def fetch_json(url: str, transport: httpx.BaseTransport | None = None) -> Mapping[str, Any]:
    """Fetch a JSON object of a provider: metadata or keys.

    Raises:
        SignInError: If it cannot be read.
    """
    try:
        value = _fetch(url, transport).json()
    except (httpx.HTTPError, ValueError) as error:
        raise SignInError(Reason.UNREACHABLE, cause=f"{url}: {error!r}") from error
    if not isinstance(value, dict):
        raise SignInError(Reason.UNREACHABLE, cause=f"{url}: is not a JSON object")
    return value


def _fetch(url: str, transport: httpx.BaseTransport | None) -> httpx.Response:
    with httpx.Client(transport=transport, timeout=TIMEOUT_SECONDS) as client:
        answer = client.get(url, headers={"Accept": "application/json"})
        answer.raise_for_status()
        if len(answer.content) > MAX_BYTES:
            raise ValueError("is too large")
        return answer


class RemoteKeys:
    """The key set at an address; kept for an hour, read again when an unknown key is used."""

    def __init__(
        self,
        url: str,
        *,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url
        self._transport = transport
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: KeySet | None = None
        self._fetched = float("-inf")

    def find(self, kid: str | None) -> KeySet:
        """The key set, with the named key if the provider has it.

        Raises:
            SignInError: If they cannot be read.
        """
        with self._lock:
            age = self._clock() - self._fetched
            known = self._keys
            is_missing = known is None or (kid is not None and kid not in _kids(known))
            if known is None or age > KEPT_SECONDS or (is_missing and age > REFETCH_SECONDS):
                known = self._read()
            return known

    def _read(self) -> KeySet:
        try:
            value: Any = fetch_json(self.url, self._transport)
            self._keys = KeySet.import_key_set(value)
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise SignInError(Reason.UNREACHABLE, cause=f"{self.url}: {error!r}") from error
        self._fetched = self._clock()
        return self._keys


class RemotePemKeys:
    """Keys that are served one by one as PEM at `{url}/{kid}`, as AWS does; each is kept."""

    def __init__(self, url: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url
        self._transport = transport
        self._keys: dict[str, Key] = {}

    def find(self, kid: str | None) -> KeySet:
        """The named key.

        Raises:
            SignInError: If there is none.
        """
        if kid is None or not kid.replace("-", "").isalnum():
            raise SignInError(Reason.INVALID, cause=f"the key {kid!r} cannot be looked up")
        if kid not in self._keys:
            try:
                text = _fetch(f"{self.url}/{kid}", self._transport).text
                self._keys[kid] = ECKey.import_key(text, {"kid": kid})
            except (httpx.HTTPError, JoseError, ValueError) as error:
                raise SignInError(
                    Reason.UNREACHABLE, cause=f"{self.url}/{kid}: {error!r}"
                ) from error
        return KeySet([self._keys[kid]])


Keys = RemoteKeys | RemotePemKeys


@dataclass(frozen=True, slots=True)
class Verified:
    """A token with a valid signature, issuer, audience and times."""

    header: Mapping[str, Any]
    claims: Mapping[str, Any]


def verify_token(
    text: str,
    keys: Keys,
    *,
    issuer: str,
    audience: Sequence[str] = (),
    algorithms: Sequence[str] = _ALGORITHMS,
) -> Verified:
    """Check the signature, `iss`, `aud`, `exp`, `nbf` and `iat` of a JSON Web Token.

    Args:
        text: The token.
        keys: The source of its key.
        issuer: The required `iss`.
        audience: The required `aud`, or one of several; empty if the token has none.
        algorithms: The accepted signature algorithms.

    Raises:
        SignInError: If one of them is wrong or missing.
    """
    audience_option: ClaimsOption = {"essential": True, "values": list(audience)}
    claims_registry = JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        exp={"essential": True},
        aud=audience_option if audience else {},
    )

    def find_key(message: Any) -> KeySet:
        kid = message.headers().get("kid")
        return keys.find(kid if isinstance(kid, str) else None)

    registry = _Registry(algorithms=algorithms, strict_check_header=False)
    try:
        token = jwt.decode(text, find_key, algorithms=algorithms, registry=registry)
        claims_registry.validate(token.claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise SignInError(Reason.INVALID, cause=f"the token of {issuer}: {error!r}") from error
    return Verified(token.header, token.claims)


def _kids(keys: KeySet) -> set[str | None]:
    return {key.kid for key in keys.keys}
