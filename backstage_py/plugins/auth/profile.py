"""The profile of a person from a provider."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Profile:
    """A person verified by a provider.

    Args:
        provider: The provider's id, such as `github`.
        subject: Their id at the provider, which never changes.
        email: Their email address; empty if the provider has none or has not verified it.
        username: Their user name at the provider; empty if it has none.
        display_name: Their name for people.
        claims: Everything the provider sent, for the owner's resolvers.
    """

    provider: str
    subject: str
    email: str = ""
    username: str = ""
    display_name: str = ""
    claims: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)

    @property
    def shown(self) -> str:
        """The best name for messages."""
        return self.email or self.username or self.display_name or self.subject


def profile_from_claims(provider: str, claims: Mapping[str, Any]) -> Profile:
    """The profile from the standard claims of OpenID Connect.

    An address counts unless the provider says that it is not verified (`email_verified: false`).
    """
    is_verified = claims.get("email_verified") not in {False, "false"}
    return Profile(
        provider=provider,
        subject=_text(claims, "sub"),
        email=_text(claims, "email") if is_verified else "",
        username=_text(claims, "preferred_username") or _text(claims, "nickname"),
        display_name=_text(claims, "name"),
        claims=claims,
    )


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""
