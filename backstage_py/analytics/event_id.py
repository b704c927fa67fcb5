"""UUIDs of events: version 7, by RFC 9562. Python's own library has them from 3.14."""

import re
import secrets
import threading
import time
from collections.abc import Callable

_UUID = re.compile(
    r"(?:urn:uuid:)?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})",
    re.IGNORECASE,
)
_CANONICAL = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LOW_BITS = 62
_VARIANT = 0b10 << _LOW_BITS


class EventIds:
    """Makes ids that sort after the earlier ones of this process.

    The 74 bits after the time are random; within a millisecond they are counted up by random steps
    (method 2 of section 6.2), also while the clock is set back.

    Args:
        nanoseconds: The time since 1970.
    """

    def __init__(self, nanoseconds: Callable[[], int] = time.time_ns) -> None:
        self._nanoseconds = nanoseconds
        self._lock = threading.Lock()
        self._millisecond = 0
        self._rest = 0

    def make(self) -> str:
        """The next id."""
        with self._lock:
            now = self._nanoseconds() // 1_000_000
            if now > self._millisecond:
                self._millisecond, self._rest = now, secrets.randbits(73)  # room to count
            else:
                self._rest += 1 + secrets.randbits(48)
            high, low = divmod(self._rest, 1 << _LOW_BITS)
            digits = f"{self._millisecond:012x}7{high:03x}{_VARIANT | low:016x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def canonical_uuid(text: str) -> str | None:
    """A UUID in lower case and with hyphens; None if the text is none."""
    if _CANONICAL.fullmatch(text):
        return text
    inside = text[1:-1] if text[:1] + text[-1:] == "{}" else text
    found = _UUID.fullmatch(inside)
    return "-".join(found.groups()).lower() if found else None
