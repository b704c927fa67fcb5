"""Why somebody could not sign in."""

from enum import StrEnum

from backstage_py.analytics import AnalyticsError


class Reason(StrEnum):
    """What went wrong, as the sign-in page explains it."""

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
    """A sign-in that did not work.

    Args:
        reason: What the person is told.
        detail: Whom or what it is about, shown to the person; never a secret.
        cause: For the log only.
    """

    def __init__(self, reason: Reason, detail: str = "", *, cause: str = "") -> None:
        super().__init__(f"{reason}: {cause or detail}" if cause or detail else str(reason))
        self.reason = reason
        self.detail = detail


class TokenError(AnalyticsError):
    """A token that cannot be made; `where` is the field."""
