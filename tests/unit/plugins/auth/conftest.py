"""A database, a clock that goes when told, keys, and a catalog of three people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry
from sqlalchemy import Engine

from backstage_py.plugins.auth.database import AuthDatabase


@dataclass
class Clock:
    """A time that stays until it is moved; `ticks` are its seconds."""

    now: datetime = datetime(2026, 11, 28, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def ticks(self) -> float:
        return self.now.timestamp()

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass(frozen=True)
class Person:
    entity_ref: str
    profile: Mapping[str, Any] = field(default_factory=dict)
    annotations: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.entity_ref.rpartition("/")[2]


@dataclass
class People:
    everybody: list[Person] = field(default_factory=list)

    def find_by_ref(self, entity_ref: str) -> Person | None:
        return next((one for one in self.everybody if one.entity_ref == entity_ref), None)

    def list_users(self) -> Iterable[Person]:
        return self.everybody


ANN = Person(
    "user:default/ann",
    {"email": "Ann@Example.com"},
    {"google.com/email": "ann@gmail.com", "graph.microsoft.com/user-id": "ms-1"},
)
BOB = Person("user:default/bob", {"email": "bob@example.com"})
TWIN = Person("user:default/twin", {"email": "twin@example.com"})
OTHER_TWIN = Person("user:default/other-twin", {"email": "twin@example.com"})


@dataclass
class KeyServer:
    """Serves a key set over a made-up network; what is signed by the newest key can be checked."""

    kind: type[RSAKey | ECKey] = RSAKey
    keys: list[Key] = field(default_factory=list)
    asked: int = 0

    def rotate(self) -> None:
        kid = f"key-{self.asked}-{len(self.keys)}"
        if self.kind is RSAKey:
            self.keys = [RSAKey.generate_key(2048, {"kid": kid})]
        else:
            self.keys = [ECKey.generate_key("P-256", {"kid": kid})]

    @property
    def key(self) -> Key:
        return self.keys[0]

    @property
    def pem(self) -> bytes:
        assert isinstance(self.key, ECKey)
        return self.key.as_pem(private=False)

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._serve)

    def _serve(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if request.url.path.startswith("/pem/"):
            return httpx.Response(200, content=self.pem)
        return httpx.Response(200, json=KeySet(self.keys).as_dict(private=False))

    def sign(self, claims: Mapping[str, Any], **header: Any) -> str:
        alg = "RS256" if self.kind is RSAKey else "ES256"
        whole = {"alg": alg, "kid": self.key.kid, **header}
        return encode(whole, claims, self.key)


def encode(header: Mapping[str, Any], claims: Mapping[str, Any], key: Key) -> str:
    """A token with any header, also one that no library would make."""
    algorithms = [header["alg"]]
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    return jwt.encode(dict(header), dict(claims), key, algorithms, registry)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def people() -> People:
    return People([ANN, BOB, TWIN, OTHER_TWIN])


@pytest.fixture
def database(engine: Engine) -> AuthDatabase:
    return AuthDatabase(engine)


@pytest.fixture(scope="session")
def rsa_keys() -> KeyServer:
    server = KeyServer(RSAKey)
    server.rotate()
    return server


@pytest.fixture(scope="session")
def ec_keys() -> KeyServer:
    server = KeyServer(ECKey)
    server.rotate()
    return server
