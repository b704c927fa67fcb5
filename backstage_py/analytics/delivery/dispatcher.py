"""Hands events to the backends, in their order, off the way of who recorded them."""

import contextlib
import logging
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor

from backstage_py.analytics.api import AnalyticsApi, MultipleAnalyticsApi
from backstage_py.analytics.event import RecordedEvent

_logger = logging.getLogger(__name__)

WAITING_EVENTS = 50_000
"""How many events may wait for slow backends; more are left to the record alone."""


class Dispatcher:
    """One thread that calls every backend for every event."""

    def __init__(self, backends: Sequence[AnalyticsApi]) -> None:
        self._backends = MultipleAnalyticsApi(backends)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="analytics-delivery")
        self._waiting = 0
        self._lock = threading.Lock()

    def dispatch(self, events: Sequence[RecordedEvent]) -> None:
        """Hand the events on soon; returns at once."""
        if not events or not self._admit(len(events)):
            return
        self._thread.submit(self._deliver, self._backends, events)

    @contextlib.contextmanager
    def using(self, backends: Sequence[AnalyticsApi]) -> Generator[None]:
        """Give the events to these backends meanwhile."""
        before, self._backends = self._backends, MultipleAnalyticsApi(backends)
        try:
            yield
        finally:
            self._backends = before

    def close(self) -> None:
        """Deliver what waits, then close the backends."""
        self._thread.shutdown(wait=True)
        self._backends.close()

    def _admit(self, count: int) -> bool:
        with self._lock:
            if self._waiting + count > WAITING_EVENTS:
                _logger.warning("Backends are too slow: %d events were not handed on", count)
                return False
            self._waiting += count
            return True

    def _deliver(self, backends: AnalyticsApi, events: Sequence[RecordedEvent]) -> None:
        try:
            backends.capture_events(events)
        except Exception:
            _logger.warning("%d events were not handed on", len(events), exc_info=True)
        finally:
            with self._lock:
                self._waiting -= len(events)
