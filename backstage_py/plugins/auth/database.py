"""The tables of this plugin."""

import hashlib
import secrets
from pathlib import Path

from sqlalchemy import BigInteger, Engine, Text
from sqlmodel import Field, Session

from backstage_py.storage import Database, OwnTable

_MIGRATIONS = Path(__file__).with_name("migrations")
SECRET_BYTES = 32


class PendingRow(OwnTable, table=True):
    """A sign-in that was sent to a provider and has not come back yet."""

    __tablename__ = "auth_pending"  # pyright: ignore[reportAssignmentType]

    state_hash: str = Field(primary_key=True)
    browser_hash: str
    provider: str
    nonce: str
    verifier: str
    redirect_uri: str = Field(sa_type=Text)
    back: str = Field(sa_type=Text)
    expires_at: int = Field(sa_type=BigInteger)


class SessionRow(OwnTable, table=True):
    """A session in a browser; times are in seconds since 1970."""

    __tablename__ = "auth_session"  # pyright: ignore[reportAssignmentType]

    id: str = Field(primary_key=True)
    token_hash: str
    user: str
    provider: str
    created_at: int = Field(sa_type=BigInteger)
    seen_at: int = Field(sa_type=BigInteger)
    expires_at: int = Field(sa_type=BigInteger)
    address: str
    agent: str
    id_token: str = Field(sa_type=Text)


class TokenRow(OwnTable, table=True):
    """An API token; `scopes` are separated by spaces."""

    __tablename__ = "auth_token"  # pyright: ignore[reportAssignmentType]

    id: str = Field(primary_key=True)
    token_hash: str
    name: str
    subject: str
    scopes: str = Field(sa_type=Text)
    created_at: int = Field(sa_type=BigInteger)
    expires_at: int | None = Field(sa_type=BigInteger)
    used_at: int | None = Field(sa_type=BigInteger)


class AuthDatabase(Database):
    """The tables of this plugin."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine, name="auth", migrations=_MIGRATIONS)

    def open(self) -> Session:
        """A database session; its objects stay usable after it."""
        return Session(self.ready(), expire_on_commit=False)


def new_secret() -> str:
    """A secret with enough entropy that storing a plain hash of it is safe."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_secret(secret: str) -> str:
    """The hash of a secret, as the database stores it."""
    return hashlib.sha256(secret.encode()).hexdigest()
