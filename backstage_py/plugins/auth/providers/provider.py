"""The interface of providers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from starlette.requests import Request

from backstage_py.plugins.auth.profile import Profile
from backstage_py.plugins.auth.resolvers import Resolver


@dataclass(frozen=True, slots=True)
class About:
    """The facts that every provider has.

    Args:
        id: The key in the configuration, such as `github`.
        title: The name for people, such as `GitHub`.
        resolvers: The resolvers, tried in order.
        duration: The maximum duration of a session; None for the portal's default.
    """

    id: str
    title: str
    resolvers: tuple[Resolver, ...] = ()
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """A started sign-in: the values that prove that a response belongs to it.

    Args:
        state: Returned once, with the response.
        nonce: Must be in the id token.
        verifier: PKCE's secret; the provider has its hash.
        redirect_uri: The address the provider sends the browser back to.
    """

    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person verified by the provider; the id token is needed to sign out."""

    profile: Profile
    id_token: str = ""


class RedirectProvider(Protocol):
    """A provider that the browser is sent to: authorization code with PKCE."""

    @property
    def about(self) -> About:
        """The facts that every provider has."""
        ...

    @property
    def callback_url(self) -> str | None:
        """The address the browser is sent back to, if it is not the default one."""
        ...

    def authorize_url(self, beginning: Beginning) -> str:
        """The address to send the browser to.

        Raises:
            SignInError: If the provider does not answer.
        """
        ...

    def finish(self, answer: Mapping[str, str], beginning: Beginning) -> Arrival:
        """Exchange the code of the provider's response, and verify the person.

        Raises:
            SignInError: If anything about it is wrong.
        """
        ...

    def sign_out_url(self, id_token: str, back: str) -> str | None:
        """The address to sign out at the provider, if it has one."""
        ...


class ProxyProvider(Protocol):
    """A reverse proxy that signs people in and identifies them in each request."""

    @property
    def about(self) -> About:
        """The facts that every provider has."""
        ...

    def read(self, request: Request) -> Profile:
        """The person according to the proxy.

        Raises:
            SignInError: If the identity is missing, forged or expired.
        """
        ...
