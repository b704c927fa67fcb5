"""An analytics tool that does what a test tells it."""

from collections.abc import Sequence

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.errors import NotWantedError, RejectedError, RetryLaterError
from backstage_py.analytics.event import RecordedEvent


class Tool(AnalyticsApi):
    """Takes batches whole or not at all; the subject of an event says what it does to one.

    `rejected` is refused for good, `unwanted` not wanted, `stuck` fails for now, and
    `broken` fails with an error that is no verdict, whatever is beside it.
    """

    def __init__(self) -> None:
        self.taken: list[RecordedEvent] = []
        self.calls: list[list[str]] = []
        self.trouble: Exception | None = None
        self.is_mended = False

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Take the events, or raise."""
        subjects = [event.subject for event in events]
        self.calls.append(subjects)
        if self.trouble is not None:
            raise self.trouble
        if "rejected" in subjects:
            raise RejectedError("the tool refuses it")
        if "unwanted" in subjects:
            raise NotWantedError("the tool does not want it")
        if "stuck" in subjects and not self.is_mended:
            raise RetryLaterError("HTTP 500")
        if "broken" in subjects:
            raise ValueError("cannot make sense of it")
        self.taken += events

    def subjects(self) -> list[str]:
        """The subjects of what was taken."""
        return [event.subject for event in self.taken]


DOWN = RetryLaterError("HTTP 503")
