"""A token bucket per sender, so that one of them cannot fill the store."""

import time
from collections import OrderedDict
from collections.abc import Callable

from pydantic import Field

from backstage_py.analytics.config.settings import SettingsModel


class IngestSettings(SettingsModel):
    """The section `app.analytics.ingest`: how much one sender may send.

    The defaults are far above what a person's browser captures, far below what fills a disk.
    """

    events_per_second: float = Field(default=5_000, gt=0, description="a number of events above 0")
    events_at_once: float = Field(default=50_000, gt=0, description="a number of events above 0")


class RateLimit:
    """Lets each sender do `per_second` things on average, and `burst` at once.

    Args:
        per_second: The number of tokens refilled per second.
        burst: The capacity of a bucket.
        senders: How many buckets are kept; the one unused for longest goes first.
        clock: A monotonic clock, in seconds.
    """

    def __init__(
        self,
        per_second: float,
        burst: float,
        *,
        senders: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._senders = senders
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def seconds_to_wait(self, sender: str, amount: int) -> float:
        """Take `amount` from the sender's bucket; 0 on success, else the seconds to wait."""
        now = self._clock()
        level, then = self._buckets.pop(sender, (self._burst, now))
        level = min(self._burst, level + (now - then) * self._per_second)
        allowed = level >= min(amount, self._burst)
        self._buckets[sender] = (level - amount if allowed else level, now)
        if len(self._buckets) > self._senders:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (min(amount, self._burst) - level) / self._per_second
