"""Sign-ins under way: each comes back once, in time, to the browser that began it."""

from dataclasses import dataclass

from sqlmodel import col, delete, func, select

from backstage_py.analytics import Clock, utc_now
from backstage_py.plugins.auth.database import AuthDatabase, PendingRow, hash_secret, new_secret
from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.providers.provider import Beginning

SECONDS = 600
"""How long one may take to sign in at the provider."""
MAX_PENDING = 10_000
"""What a flood of beginnings may leave in the database."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A sign-in that has come back, and the page that it was begun on."""

    beginning: Beginning
    back: str


class PendingSignIns:
    """What is remembered of them, in the database so that any worker can go on."""

    def __init__(self, database: AuthDatabase, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    def begin(self, provider: str, *, browser: str, redirect_uri: str, back: str) -> Beginning:
        """Begin one for a browser, which `browser` tells from all others.

        Raises:
            SignInError: If too many are under way.
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
        """Take the one of this state; it can be taken once.

        Raises:
            SignInError: If it is unknown, taken already, too old, or of another browser.
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
