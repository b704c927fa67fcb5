"""The errors of signing in."""

from enum import StrEnum

from backstage_py.analytics import AnalyticsError


class Reason(StrEnum):
    """The reasons that the sign-in page explains."""

    NO_USER = "noUser"
    SEVERAL_USERS = "severalUsers"
    NO_EMAIL = "noEmail"
    DOMAIN = "domain"
    REFUSED = "refused"
    EXPIRED = "expired"
    INVALID = "invalid"
    UNREACHABLE = "unreachable"
    NO_PROXY = "noProxy"
    BROKEN = "broken"


class SignInError(Exception):
    """A failed sign-in.

    Args:
        reason: The reason shown to the person.
        detail: The user or value in question, shown to the person; never a secret.
        cause: For the log only.
    """

    def __init__(self, reason: Reason, detail: str = "", *, cause: str = "") -> None:
        super().__init__(f"{reason}: {cause or detail}" if cause or detail else str(reason))
        self.reason = reason
        self.detail = detail


class TokenError(AnalyticsError):
    """A token that cannot be made; `where` is the field."""
