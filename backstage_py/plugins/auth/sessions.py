"""Sessions of signed-in people. The browser has a secret, the database its hash."""

import base64
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import ColumnElement
from sqlmodel import col, delete, select

from backstage_py.analytics import Clock, utc_now
from backstage_py.plugins.auth.database import AuthDatabase, SessionRow, hash_secret, new_secret

REMEMBERED_SECONDS = 2.0
"""How long another process may still accept a session that was ended here."""
REMEMBERED = 10_000
SEEN_SECONDS = 60
"""The precision of the time when a session was last used."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The user who signed in, and the browser.

    Args:
        user: The entity ref.
        provider: The provider's id.
        address: The address of the browser.
        agent: The browser's `User-Agent`.
        id_token: The provider's id token, to sign out there.
        duration: The maximum duration of the session; None for the default.
    """

    user: str
    provider: str
    address: str = ""
    agent: str = ""
    id_token: str = ""
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class AuthSession:
    """A session in a browser."""

    id: str
    user: str
    provider: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The data needed to sign out at the provider too."""

    provider: str
    id_token: str


class Sessions:
    """All sessions of the portal; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.

    Args:
        database: The database of the sessions.
        idle_time: How long an unused session lasts.
        duration: The maximum duration of a session.
        clock: The current time.
        ticks: A monotonic clock in seconds, for the cache.
    """

    def __init__(
        self,
        database: AuthDatabase,
        *,
        idle_time: timedelta,
        duration: timedelta,
        clock: Clock = utc_now,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._idle_time = int(idle_time.total_seconds())
        self._duration = duration
        self._clock = clock
        self._ticks = ticks
        self._lock = threading.Lock()
        self._remembered: OrderedDict[str, tuple[AuthSession, float]] = OrderedDict()

    def begin(self, sign_in: SignIn, *, instead_of: str = "") -> str:
        """Start a session and return its secret; ends the session with the secret `instead_of`."""
        secret, now = new_secret(), self._now()
        row = SessionRow(
            id=new_secret()[:22],
            token_hash=hash_secret(secret),
            user=sign_in.user,
            provider=sign_in.provider,
            created_at=now,
            seen_at=now,
            expires_at=now + int((sign_in.duration or self._duration).total_seconds()),
            address=sign_in.address[:64],
            agent=sign_in.agent[:255],
            id_token=_encrypt(sign_in.id_token, secret),
        )
        with self._database.open() as session:
            session.exec(delete(SessionRow).where(self._is_over(now)))
            if instead_of:
                old = hash_secret(instead_of)
                session.exec(delete(SessionRow).where(col(SessionRow.token_hash) == old))
            session.add(row)
            session.commit()
        self._forget()
        return secret

    def find(self, secret: str) -> AuthSession | None:
        """The session of a secret, unless it has ended; using it keeps it from going idle."""
        token_hash = hash_secret(secret)
        with self._lock:
            found, until = self._remembered.get(token_hash, (None, 0.0))
        now = self._now()
        if found and self._ticks() < until and found.expires_at.timestamp() > now:
            return found
        with self._database.open() as session:
            row = session.exec(
                select(SessionRow).where(
                    col(SessionRow.token_hash) == token_hash, ~self._is_over(now)
                )
            ).one_or_none()
            if row is None:
                self._forget()
                return None
            if now - row.seen_at >= SEEN_SECONDS:
                row.seen_at = now
                session.add(row)
                session.commit()
        return self._remember(token_hash, _read(row))

    def list_of(self, user: str) -> list[AuthSession]:
        """The sessions of a user, the last used first."""
        query = (
            select(SessionRow)
            .where(col(SessionRow.user) == user, ~self._is_over(self._now()))
            .order_by(col(SessionRow.seen_at).desc(), col(SessionRow.id))
        )
        with self._database.open() as session:
            return [_read(row) for row in session.exec(query)]

    def end(self, secret: str) -> Ended | None:
        """End the session of a secret; returns the data needed to sign out at the provider."""
        token_hash = hash_secret(secret)
        with self._database.open() as session:
            row = session.exec(
                select(SessionRow).where(col(SessionRow.token_hash) == token_hash)
            ).one_or_none()
            if row is not None:
                session.delete(row)
                session.commit()
        self._forget()
        return Ended(row.provider, _decrypt(row.id_token, secret)) if row else None

    def end_one(self, user: str, id_: str) -> bool:
        """End one of a user's sessions by its id; returns whether it existed."""
        return self._end(col(SessionRow.user) == user, col(SessionRow.id) == id_) > 0

    def end_all(self, user: str) -> int:
        """End every session of a user; returns their number."""
        return self._end(col(SessionRow.user) == user)

    def _end(self, *conditions: ColumnElement[bool] | bool) -> int:
        with self._database.open() as session:
            count = session.exec(delete(SessionRow).where(*conditions)).rowcount  # pyright: ignore[reportArgumentType]
            session.commit()
        self._forget()
        return count

    def _is_over(self, now: int) -> ColumnElement[bool]:
        return (col(SessionRow.expires_at) <= now) | (
            col(SessionRow.seen_at) <= now - self._idle_time
        )

    def _remember(self, token_hash: str, found: AuthSession) -> AuthSession:
        with self._lock:
            self._remembered[token_hash] = (found, self._ticks() + REMEMBERED_SECONDS)
            self._remembered.move_to_end(token_hash)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return found

    def _forget(self) -> None:
        with self._lock:
            self._remembered.clear()

    def _now(self) -> int:
        return int(self._clock().timestamp())


def _read(row: SessionRow) -> AuthSession:
    return AuthSession(
        id=row.id,
        user=row.user,
        provider=row.provider,
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        seen_at=datetime.fromtimestamp(row.seen_at, UTC),
        expires_at=datetime.fromtimestamp(row.expires_at, UTC),
        address=row.address,
        agent=row.agent,
    )


def _encrypt(text: str, secret: str) -> str:
    """Encrypt it so that only the browser's secret opens it, and not the database alone."""
    return _cipher(secret).encrypt(text.encode()).decode() if text else ""


def _decrypt(text: str, secret: str) -> str:
    try:
        return _cipher(secret).decrypt(text.encode()).decode() if text else ""
    except InvalidToken:
        return ""


def _cipher(secret: str) -> Fernet:
    key = hashlib.sha256(b"id token\0" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
