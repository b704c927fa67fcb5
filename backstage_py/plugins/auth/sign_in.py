"""Signing in and out, in plain Python; the routes only wrap it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from backstage_py.plugins.auth.errors import Reason, SignInError
from backstage_py.plugins.auth.pending import PendingSignIns
from backstage_py.plugins.auth.profile import Profile
from backstage_py.plugins.auth.providers.provider import About
from backstage_py.plugins.auth.providers.registry import PROXY_DURATION, Providers
from backstage_py.plugins.auth.resolvers import Users, resolve
from backstage_py.plugins.auth.sessions import Ended, Sessions, SignIn
from backstage_py.plugins.auth.settings import AuthSettings

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser that a request came from.

    Args:
        key: Its unique key, from its cookie.
        address: Its address.
        agent: Its `User-Agent`.
        session: The secret of its session, or empty.
    """

    key: str
    address: str = ""
    agent: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in person: the secret of the session, and the page to continue on."""

    secret: str
    back: str
    user: str


class SignInService:
    """Signs people in with the configured providers.

    Its methods raise `SignInError`, and `sqlalchemy.exc.SQLAlchemyError` if the database does not
    answer.
    """

    def __init__(
        self,
        settings: AuthSettings,
        providers: Providers,
        *,
        pending: PendingSignIns,
        sessions: Sessions,
        users: Users,
    ) -> None:
        self.settings = settings
        self.providers = providers
        self._pending = pending
        self._sessions = sessions
        self._users = users

    def start(self, provider: str, browser: Browser, *, callback: str, back: str) -> str:
        """The address to send the browser to for signing in."""
        found = self.providers.redirects[provider]
        beginning = self._pending.begin(
            provider, browser=browser.key, redirect_uri=found.callback_url or callback, back=back
        )
        return found.authorize_url(beginning)

    def finish(self, provider: str, browser: Browser, answer: Mapping[str, str]) -> SignedIn:
        """Sign in a person who comes back from the provider.

        Raises:
            ReturnedError: With the page they started on, once it is known.
        """
        found = self.providers.redirects[provider]
        returned = self._pending.take(provider, browser=browser.key, state=answer.get("state", ""))
        try:
            arrival = found.finish(answer, returned.beginning)
            return self._let_in(
                found.about, arrival.profile, browser, back=returned.back, id_token=arrival.id_token
            )
        except SignInError as error:
            raise ReturnedError(error, returned.back) from error

    def enter_by_proxy(
        self, about: About, profile: Profile, browser: Browser, *, back: str
    ) -> SignedIn:
        """Sign in a person identified by a proxy."""
        return self._let_in(about, profile, browser, back=back, duration=PROXY_DURATION)

    def enter_as_guest(self, browser: Browser, *, back: str) -> SignedIn:
        """Sign in the guest, without verification.

        Raises:
            SignInError: If there is no guest provider.
        """
        guest = self.settings.guest
        if guest is None:
            raise SignInError(Reason.BROKEN, cause="auth.providers.guest is not configured")
        return self._begin(SignIn(guest.user_entity_ref.lower(), "guest"), browser, back)

    def sign_out(self, secret: str, *, back: str) -> str | None:
        """End the session of a secret; returns the provider's sign-out address, if any."""
        ended: Ended | None = self._sessions.end(secret) if secret else None
        provider = self.providers.redirects.get(ended.provider) if ended else None
        if ended is None or provider is None:
            return None
        return provider.sign_out_url(ended.id_token, back)

    def _let_in(
        self,
        about: About,
        profile: Profile,
        browser: Browser,
        *,
        back: str,
        id_token: str = "",
        duration: timedelta | None = None,
    ) -> SignedIn:
        user = resolve(profile, about.resolvers, self._users)
        sign_in = SignIn(user, about.id, id_token=id_token, duration=about.duration or duration)
        return self._begin(sign_in, browser, back)

    def _begin(self, sign_in: SignIn, browser: Browser, back: str) -> SignedIn:
        whole = SignIn(
            sign_in.user,
            sign_in.provider,
            address=browser.address,
            agent=browser.agent,
            id_token=sign_in.id_token,
            duration=sign_in.duration,
        )
        secret = self._sessions.begin(whole, instead_of=browser.session)
        _logger.info("%s signed in by %s", whole.user, whole.provider)
        return SignedIn(secret, back, whole.user)


class ReturnedError(SignInError):
    """A sign-in that failed after the provider's redirect; the page it started on is kept."""

    def __init__(self, error: SignInError, back: str) -> None:
        super().__init__(error.reason, error.detail, cause=str(error))
        self.back = back
