"""Backends of a test in place of the configured ones."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from backstage_py.analytics.backends.api import AnalyticsApi, MultipleAnalyticsApi
from backstage_py.analytics.event import RecordedEvent


class TestBackends:
    """One thread that calls every backend of the test for every event."""

    __test__ = False  # pytest must not collect it

    def __init__(self, apis: Sequence[AnalyticsApi]) -> None:
        self._apis = MultipleAnalyticsApi(apis)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="analytics-tests")

    def dispatch(self, events: Sequence[RecordedEvent]) -> None:
        """Queue the events for the backends; returns at once."""
        self._thread.submit(self._apis.capture_events, events)

    def close(self) -> None:
        """Send queued events; the test closes its backends itself."""
        self._thread.shutdown(wait=True)
