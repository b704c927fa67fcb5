"""What the routes need of a provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from starlette.requests import Request

from backstage_py.plugins.auth.profile import Profile
from backstage_py.plugins.auth.resolvers import Resolver


@dataclass(frozen=True, slots=True)
class About:
    """What is the same for every provider.

    Args:
        id: As in the configuration, `github`.
        title: As people call it, `GitHub`.
        resolvers: Tried in order.
        duration: How long a session lasts at most; None is the portal's usual time.
    """

    id: str
    title: str
    resolvers: tuple[Resolver, ...] = ()
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """A sign-in that has begun: what must come back, and what proves that it is ours.

    Args:
        state: Comes back with the answer, once.
        nonce: Must be in the id token.
        verifier: PKCE's secret, whose hash the provider has.
        redirect_uri: Where the provider sends the browser back to.
    """

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom the provider has verified; the id token is there to sign out with."""

    profile: Profile
    id_token: str = ""


class RedirectProvider(Protocol):
    """A provider that the browser is sent to: authorization code with PKCE."""

    @property
    def about(self) -> About:
        """What is the same for every provider."""
        ...

    @property
    def callback_url(self) -> str | None:
        """Where the browser is sent back to, unless it is the usual place."""
        ...

    def authorize_url(self, beginning: Beginning) -> str:
        """Where to send the browser.

        Raises:
            SignInError: If the provider does not answer.
        """
        ...

    def finish(self, answer: Mapping[str, str], beginning: Beginning) -> Arrival:
        """Exchange the code of the provider's answer, and verify who it is.

        Raises:
            SignInError: If anything about it is wrong.
        """
        ...

    def sign_out_url(self, id_token: str, back: str) -> str | None:
        """Where one signs out at the provider, if it offers that."""
        ...


class ProxyProvider(Protocol):
    """A provider that a reverse proxy has asked already: it says who it is in each request."""

    @property
    def about(self) -> About:
        """What is the same for every provider."""
        ...

    def read(self, request: Request) -> Profile:
        """Who the proxy says it is.

        Raises:
            SignInError: If it says nothing, or what it says is forged or out of date.
        """
        ...
