"""Keeps a flood of invalid messages from filling the log."""

import logging
import threading
import time
from collections.abc import Callable

PER_MINUTE = 10
MINUTE_SECONDS = 60.0
_KINDS = 1_000


class FloodFilter(logging.Filter):
    """Lets each kind of warning or error through ten times a minute.

    A kind is the place in the code and the type of the exception. The last one of a minute says
    that the rest is left out.

    Args:
        clock: A monotonic clock, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: dict[object, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is logged."""
        if record.levelno < logging.WARNING:
            return True
        kind = (record.name, record.lineno, record.exc_info and record.exc_info[0])
        now = self._clock()
        with self._lock:
            begun, count = self._seen.get(kind, (now, 0))
            if now - begun >= MINUTE_SECONDS:
                begun, count = now, 0
            if kind not in self._seen and len(self._seen) >= _KINDS:
                self._seen.clear()
            self._seen[kind] = begun, count + 1
        if count + 1 == PER_MINUTE:
            record.msg = f"{record.msg} (further ones are left out for a minute)"
        return count < PER_MINUTE
