"""What the notifications do by themselves: tell owners of errors, forget what is old."""

import logging
import threading
from collections.abc import Callable

_logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 10.0
LOOKS_A_DAY = round(24 * 60 * 60 / LOOK_EVERY_SECONDS)


class Background:
    """Calls `look` every ten seconds and `tidy` once a day, in a thread of its own."""

    def __init__(self, *, look: Callable[[], None], tidy: Callable[[], None]) -> None:
        self._look = look
        self._tidy = tidy
        self._never = threading.Event()

    def start(self) -> None:
        """Begin; the thread ends with the process."""
        threading.Thread(target=self._run, name="notifications", daemon=True).start()

    def _run(self) -> None:
        looks = 0
        while True:
            self._try(self._look)
            if looks % LOOKS_A_DAY == 0:
                self._try(self._tidy)
            looks += 1
            self._never.wait(LOOK_EVERY_SECONDS)

    @staticmethod
    def _try(work: Callable[[], None]) -> None:
        """What fails, as while the database is away, is tried again in its time."""
        try:
            work()
        except Exception:
            _logger.exception("Notifications do not do their work")
