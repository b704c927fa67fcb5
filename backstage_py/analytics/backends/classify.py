"""Turns a backend's exception into an error that tells delivery what to do."""

import sys
from email.utils import parsedate_to_datetime
from typing import Any

from backstage_py.analytics.clock import utc_now
from backstage_py.analytics.errors import (
    DeliveryError,
    PartlyDeliveredError,
    RejectedError,
    RetryLaterError,
)

REASON_CHARACTERS = 1_000
RETRIED_STATUS = frozenset({401, 403, 404, 408, 409, 425, 429})
"""HTTP statuses that are temporary, like 5xx (RFC 9110, section 15)."""
_SERVER_ERROR = 500


def classify(error: Exception) -> DeliveryError:
    """The delivery error for an exception.

    A DeliveryError is returned unchanged. Network errors are retried, as are temporary HTTP errors
    (of httpx or requests); any other exception is blamed on the event, which goes to the dead
    letters.
    """
    if isinstance(error, DeliveryError) and not isinstance(error, PartlyDeliveredError):
        return error
    reason = f"{type(error).__name__}: {error}"[:REASON_CHARACTERS]
    response: Any = getattr(error, "response", None)
    status = getattr(response, "status_code", None)
    if isinstance(status, int):
        if status >= _SERVER_ERROR or status in RETRIED_STATUS:
            return RetryLaterError(reason, retry_after_seconds(response.headers.get("Retry-After")))
        return RejectedError(reason)
    if isinstance(error, OSError) or _is_transport_error(error):
        return RetryLaterError(reason)
    return RejectedError(reason)


def retry_after_seconds(text: str | None) -> float | None:
    """`Retry-After` (RFC 9110, section 10.2.3), in seconds from now; None if it says nothing."""
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment - utc_now()).total_seconds()) if moment.tzinfo else None


def _is_transport_error(error: Exception) -> bool:
    """Whether it is an httpx error, which is not an `OSError`; httpx may be missing."""
    httpx = sys.modules.get("httpx")
    return httpx is not None and isinstance(error, httpx.TransportError)
