"""Test doubles in place of the backends: they get what is stored, and remember nothing more."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from backstage_py.analytics.backends.api import AnalyticsApi, MultipleAnalyticsApi
from backstage_py.analytics.event import RecordedEvent


class Doubles:
    """One thread that calls every double for every event."""

    def __init__(self, apis: Sequence[AnalyticsApi]) -> None:
        self._apis = MultipleAnalyticsApi(apis)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="analytics-doubles")

    def dispatch(self, events: Sequence[RecordedEvent]) -> None:
        """Hand the events on soon; returns at once."""
        self._thread.submit(self._apis.capture_events, events)

    def close(self) -> None:
        """Hand on what waits; the doubles are their test's to close."""
        self._thread.shutdown(wait=True)
