"""Calls a step again and again in a thread, for as long as the process serves."""

import logging
import threading
from collections.abc import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics.errors import AnalyticsError

_logger = logging.getLogger(__name__)


class Every:
    """A daemon thread that calls `step` at intervals, and at once when it is woken.

    An error of the step is logged, and the step is called again after the interval.

    Args:
        seconds: The interval between two calls; None to call only when woken.
        step: Does what is due. It may return the seconds until its next call instead of the
            interval, 0 for at once.
        name: The thread's name.
        trouble: The log message when the step fails, such as "Delivery to ga4 waits".
        extra: Fields of those log records.
    """

    def __init__(
        self,
        seconds: float | None,
        step: Callable[[], float | None],
        name: str,
        *,
        trouble: str,
        extra: Mapping[str, object] | None = None,
    ) -> None:
        self._seconds = seconds
        self._step = step
        self._name = name
        self._trouble = trouble
        self._extra = dict(extra or {})
        self._changed = threading.Condition()
        self._is_woken = False
        self._is_stopping = False
        self._thread: threading.Thread | None = None

    def start(self, *, at_once: bool = True) -> None:
        """Begin, unless it has begun; the first call is at once, or after the interval."""
        with self._changed:
            self._is_woken |= at_once
            self._changed.notify_all()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    @property
    def is_started(self) -> bool:
        """Whether the thread has begun."""
        return self._thread is not None

    def wake(self) -> None:
        """Call the step now; if it is running, once more after that."""
        with self._changed:
            self._is_woken = True
            self._changed.notify_all()

    def ask_to_stop(self) -> None:
        """Let it end after its step; one that returns 0 has more to do and is called again."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()

    def close(self, timeout_seconds: float) -> None:
        """Ask it to stop, and wait briefly for its end."""
        self.ask_to_stop()
        if self._thread is not None:
            self._thread.join(timeout_seconds)

    def _run(self) -> None:
        pause = self._seconds
        while self._wait(pause):
            pause = self._try()

    def _try(self) -> float | None:
        """Call the step; the seconds until its next call."""
        try:
            pause = self._step()
        except (SQLAlchemyError, OSError, AnalyticsError) as error:
            # External services fail now and then: one line is enough.
            _logger.warning("%s: %s", self._trouble, error, extra=self._extra)
        except Exception:
            _logger.exception("%s", self._trouble, extra=self._extra)
        else:
            return self._seconds if pause is None else pause
        return self._seconds

    def _wait(self, seconds: float | None) -> bool:
        """Wait until there is something to do; False if there never will be."""
        with self._changed:
            if seconds == 0:
                return True
            if not self._is_stopping:
                self._changed.wait_for(lambda: self._is_woken or self._is_stopping, seconds)
            woken, self._is_woken = self._is_woken, False
            return woken or not self._is_stopping
