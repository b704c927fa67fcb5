"""API tokens of people and services, and those in the configuration.

A token is shown once, when it is made. The database has its hash.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, delete, select

from backstage_py.analytics import Clock, Credentials, utc_now
from backstage_py.plugins.auth.database import AuthDatabase, TokenRow, hash_secret, new_secret
from backstage_py.plugins.auth.errors import TokenError

PREFIX = "bpy_"
"""The prefix by which scanners for leaked secrets recognize a token."""
SERVICE = "external:"
"""The prefix of a service's subject, as in Backstage."""
MAX_DAYS = 3650
MAX_TOKENS = 100
"""The maximum number of tokens of one subject."""
SEEN_SECONDS = 60
_PERMISSION = re.compile(r"[a-z][A-Za-z0-9-]*(?:\.[a-z][A-Za-z0-9-]*)*(?:\.\*)?")
_PERMISSION_HINT = "Use names, as catalog.entity.read or catalog.*"
_SUBJECT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._@/-]{0,78}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token in a list, without the token itself, which is never shown again."""

    id: str
    name: str
    subject: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None

    def is_expired(self, now: datetime) -> bool:
        """Whether it has expired."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class StaticToken:
    """A token that `backend.auth.externalAccess` names."""

    token_hash: str
    credentials: Credentials


class ApiTokens:
    """All API tokens of the portal; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(
        self,
        database: AuthDatabase,
        *,
        static: Sequence[StaticToken] = (),
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._static = tuple(static)
        self._clock = clock

    def create(
        self, name: str, subject: str, scopes: Sequence[str], *, days: int | None = None
    ) -> str:
        """Create a token and return it; it is not shown again.

        Args:
            name: The name its owner gives it.
            subject: An entity ref of a user, or `external:NAME`.
            scopes: The permissions it is limited to.
            days: The number of days until it expires; None for never.

        Raises:
            TokenError: If something about it is wrong.
        """
        name = name.strip()
        _require_name(name, subject)
        _require_scopes(scopes)
        if days is not None and not 1 <= days <= MAX_DAYS:
            raise TokenError("expires", f"is {days}", f"Use 1 to {MAX_DAYS} days")
        now = self._clock()
        expires_at = now + timedelta(days=days) if days else None
        token = f"{PREFIX}{new_secret()}"
        row = TokenRow(
            id=new_secret()[:12],
            token_hash=hash_secret(token),
            name=name,
            subject=subject,
            scopes=" ".join(dict.fromkeys(scopes)),
            created_at=int(now.timestamp()),
            expires_at=int(expires_at.timestamp()) if expires_at else None,
            used_at=None,
        )
        with self._database.open() as session:
            own = select(TokenRow).where(col(TokenRow.subject) == subject)
            rows = session.exec(own).all()
            if any(one.name == name for one in rows):
                raise TokenError(
                    "name", f"{name!r} is already used", "Use another, or revoke that one"
                )
            if len(rows) >= MAX_TOKENS:
                raise TokenError("name", f"{subject} has {len(rows)} tokens", "Revoke one")
            session.add(row)
            session.commit()
        return token

    def verify(self, token: str) -> Credentials | None:
        """The credentials of a token, or None if it is unknown, revoked or expired."""
        token_hash, now = hash_secret(token), self._clock()
        for static in self._static:
            if hmac.compare_digest(static.token_hash, token_hash):
                return static.credentials
        if not token.startswith(PREFIX):
            return None
        with self._database.open() as session:
            row = session.exec(
                select(TokenRow).where(col(TokenRow.token_hash) == token_hash)
            ).one_or_none()
            if row is None or _read(row).is_expired(now):
                return None
            if row.used_at is None or now.timestamp() - row.used_at >= SEEN_SECONDS:
                row.used_at = int(now.timestamp())
                session.add(row)
                session.commit()
        return Credentials(row.subject, frozenset(row.scopes.split()))

    def list_of(self, subject: str) -> list[ApiToken]:
        """The tokens of a person or service, the newest first."""
        return [one for one in self.list_all() if one.subject == subject]

    def list_all(self) -> list[ApiToken]:
        """Every token in the database, the newest first."""
        query = select(TokenRow).order_by(col(TokenRow.created_at).desc(), col(TokenRow.id))
        with self._database.open() as session:
            return [_read(row) for row in session.exec(query)]

    def revoke(self, id_: str, *, subject: str | None = None) -> bool:
        """Delete a token of the subject by its id; returns whether it existed."""
        query = delete(TokenRow).where(col(TokenRow.id) == id_)
        if subject is not None:
            query = query.where(col(TokenRow.subject) == subject)
        with self._database.open() as session:
            count = session.exec(query).rowcount
            session.commit()
        return count > 0

    def revoke_service(self, name_or_id: str) -> int:
        """Delete the token of this id, or the services' of this name; returns how many."""
        found = [
            one
            for one in self.list_all()
            if name_or_id == one.id or (one.subject.startswith(SERVICE) and name_or_id == one.name)
        ]
        return sum(self.revoke(one.id) for one in found)


def _read(row: TokenRow) -> ApiToken:
    return ApiToken(
        id=row.id,
        name=row.name,
        subject=row.subject,
        scopes=tuple(row.scopes.split()),
        created_at=datetime.fromtimestamp(row.created_at, UTC),
        expires_at=_time(row.expires_at),
        used_at=_time(row.used_at),
    )


def _time(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _require_name(name: str, subject: str) -> None:
    if not _SUBJECT.fullmatch(name):
        hint = "Use 1 to 80 letters, digits, spaces, or any of . _ @ / -"
        raise TokenError("name", f"is {name[:80]!r}", hint)
    if not subject:
        raise TokenError("user", "is anonymous", "Sign in first")


def _require_scopes(scopes: Sequence[str]) -> None:
    if not scopes:
        raise TokenError("permission", "is missing", _PERMISSION_HINT)
    for scope in scopes:
        if not _PERMISSION.fullmatch(scope):
            raise TokenError("permission", f"is {scope[:80]!r}", _PERMISSION_HINT)
