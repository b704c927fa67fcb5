"""Tools that do not take what they get, as the test of the health page wants them."""

import os
from pathlib import Path

from backstage_py.analytics import AnalyticsApi, RecordedEvent
from backstage_py.analytics.errors import NotWantedError, RejectedError, RetryLaterError

MARKUP = "<img src=x onerror=document.title='broken-in'>"


def is_fixed() -> bool:
    """Whether the test has written the file that means a fixed tool."""
    return Path(os.environ["FIXED_FILE"]).exists()


class PickyAnalyticsApi(AnalyticsApi):
    """Refuses addresses below /no for good until it is fixed, and wants no searches."""

    def capture_event(self, event: RecordedEvent) -> None:
        if event.action == "search":
            raise NotWantedError("searches are not for this tool")
        if event.subject.startswith("/no/") and not is_fixed():
            raise RejectedError(f"HTTP 400: unknown page {event.subject} {MARKUP}")


class DownAnalyticsApi(AnalyticsApi):
    """Takes nothing."""

    def capture_event(self, event: RecordedEvent) -> None:
        raise RetryLaterError("HTTP 503: " + "the service is being maintained, " * 12, 600)
