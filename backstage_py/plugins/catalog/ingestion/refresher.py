"""Reads the catalog again and again, in a thread of its own."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta

_logger = logging.getLogger(__name__)


class Refresher:
    """Calls `refresh` at intervals, and at once when it is woken."""

    def __init__(self, refresh: Callable[[], None], *, interval: timedelta | None) -> None:
        """Prepare; without an `interval` it refreshes only when it is woken."""
        self._refresh = refresh
        self._interval = interval
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def start(self, *, at_once: bool) -> None:
        """Start the thread if it is not there; the next refresh is `at_once` or in its time."""
        with self._starting:
            if at_once:
                self._wanted.set()
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="catalog-refresh", daemon=True
                )
                self._thread.start()

    def _run(self) -> None:
        seconds = self._interval.total_seconds() if self._interval else None
        while True:
            self._wanted.wait(seconds)
            self._wanted.clear()
            try:
                self._refresh()
            except Exception:
                _logger.exception("The catalog could not be refreshed")
