"""Captures failed event handlers as `error`: without personal data, and not too many."""

import functools
import logging
import re
import time
import traceback
from collections.abc import Callable
from typing import Any

from backstage_py.analytics.capture.server_capture import ServerTracker

_logger = logging.getLogger(__name__)

QUIET_SECONDS = 60.0
"""How long the same error is not captured again."""
AT_ONCE = 60
"""How many different errors are captured in that time."""
CHARACTERS = 200

_FRAMEWORKS = re.compile(r"[/\\](?:reflex|reflex_base|asyncio)[/\\]")
_LEFT_OUT = (
    (re.compile(r"\w+://\S+"), "<address>"),
    (re.compile(r"\S+@\S+"), "<mail>"),
    (re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`"), "<text>"),
    (re.compile(r"[\w-]*\d[\w-]{2,}"), "<value>"),
)
"""Removed from messages, as in `errors.js`."""


class HandlerErrors:
    """Captures the exceptions of event handlers.

    Args:
        find_tracker: Returns the tracker of the event being handled.
        clock: A monotonic clock, in seconds.
    """

    def __init__(
        self,
        find_tracker: Callable[[], ServerTracker | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find_tracker = find_tracker
        self._clock = clock
        self._seen: dict[tuple[str, str], float] = {}

    def watch(self, handle: Callable[[Exception], Any]) -> Callable[[Exception], Any]:
        """Wrap the app's own error handler, so that an error is captured before it runs."""

        @functools.wraps(handle)
        def handle_captured(exception: Exception) -> Any:
            try:
                self._capture(exception)
            except Exception:
                _logger.warning("A failed event handler was not captured", exc_info=True)
            return handle(exception)

        return handle_captured

    def _capture(self, error: Exception) -> None:
        component, source = _find_place(error)
        subject = sanitized(f"{type(error).__name__}: {error}")
        tracker = self._find_tracker()
        if tracker is None or not self._is_due((subject, component)):
            return
        attributes = {"kind": "handler", "component": component, "source": source}
        tracker.capture_event("error", subject, attributes=attributes)

    def _is_due(self, key: tuple[str, str]) -> bool:
        now = self._clock()
        recent = {one: at for one, at in self._seen.items() if now - at < QUIET_SECONDS}
        is_due = key not in recent and len(recent) < AT_ONCE
        self._seen = {**recent, key: now} if is_due else recent
        return is_due


def sanitized(text: str) -> str:
    """The first line of an error, without addresses, quoted texts, numbers and keys."""
    line = text.partition("\n")[0]
    for pattern, word in _LEFT_OUT:
        line = pattern.sub(word, line)
    return line[:CHARACTERS]


def _find_place(error: Exception) -> tuple[str, str]:
    """The handler that failed, and the file and line where."""
    frames = [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if not _FRAMEWORKS.search(frame.f_code.co_filename)
    ]
    if not frames:
        return "", ""
    last, line = frames[-1]
    name = last.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
    return frames[0][0].f_code.co_qualname, f"{name}:{line}"
