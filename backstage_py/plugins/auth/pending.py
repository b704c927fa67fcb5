"""Pending sign-ins: each may come back once, in time, to the browser that began it."""

from dataclasses import dataclass

from sqlmodel import col, delete, func, select

from backstage_py.analytics import Clock, utc_now
from backstage_py.plugins.auth.database import AuthDatabase, PendingRow, hash_secret, new_secret
from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.providers.provider import Beginning

SECONDS = 600
"""How long a sign-in at the provider may take."""
MAX_PENDING = 10_000
"""The maximum number of pending sign-ins in the database."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A sign-in that came back, and the page it was started on."""

    beginning: Beginning
    back: str


class PendingSignIns:
    """Pending sign-ins, stored in the database so that any worker can finish them."""

    def __init__(self, database: AuthDatabase, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def begin(self, provider: str, *, browser: str, redirect_uri: str, back: str) -> Beginning:
        """Start a sign-in for the browser identified by `browser`.

        Raises:
            SignInError: If too many are pending.
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        now = int(self._clock().timestamp())
        beginning = Beginning(new_secret(), new_secret(), new_secret(), redirect_uri)
        row = PendingRow(
            state_hash=hash_secret(beginning.state),
            browser_hash=hash_secret(browser),
            provider=provider,
            nonce=beginning.nonce,
            verifier=beginning.verifier,
            redirect_uri=redirect_uri,
            back=back,
            expires_at=now + SECONDS,
        )
        with self._database.open() as session:
            session.exec(delete(PendingRow).where(col(PendingRow.expires_at) <= now))
            if session.exec(select(func.count()).select_from(PendingRow)).one() >= MAX_PENDING:
                raise SignInError(Reason.UNREACHABLE, cause="too many sign-ins are under way")
            session.add(row)
            session.commit()
        return beginning

    def take(self, provider: str, *, browser: str, state: str) -> Returned:
        """Take the sign-in with this state, which works only once.

        Raises:
            SignInError: If it is unknown, already taken, too old, or from another browser.
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        state_hash = hash_secret(state)
        with self._database.open() as session:
            row = session.get(PendingRow, state_hash)
            taken = session.exec(
                delete(PendingRow).where(col(PendingRow.state_hash) == state_hash)
            ).rowcount
            session.commit()
        is_ours = (
            row is not None
            and taken == 1
            and row.provider == provider
            and row.browser_hash == hash_secret(browser)
            and row.expires_at > self._clock().timestamp()
        )
        if row is None or not is_ours:
            raise SignInError(Reason.EXPIRED, cause="the state is unknown, used, old or another's")
        return Returned(Beginning(state, row.nonce, row.verifier, row.redirect_uri), row.back)
