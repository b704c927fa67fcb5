"""How a backend's events are delivered: batch sizes, retries and timeouts."""

import random
from datetime import timedelta

from pydantic import ConfigDict, Field

from backstage_py.analytics.config.settings import SettingsModel

_WHOLE = "a whole number above 0"
_SECONDS = "a number above 0, of seconds"


class DeliveryPolicy(SettingsModel):
    """The keys of `app.analytics.<name>.delivery`; times are in seconds.

    Delivery gives an event up only after both `tries` failures and `give_up_after`. Between two
    tries the pause doubles from `retry_first` to `retry_most`, minus a random part of up to half.
    Events that arrive within an `interval` are sent at its end.
    """

    model_config = ConfigDict(validate_by_name=True)

    batch_events: int = Field(default=100, gt=0, description=_WHOLE)
    concurrency: int = Field(default=1, gt=0, description=_WHOLE)
    tries: int = Field(default=10, gt=0, description=_WHOLE)
    give_up_after: float = Field(default=24 * 3600, gt=0, description=_SECONDS)
    retry_first: float = Field(default=1, gt=0, description=_SECONDS)
    retry_most: float = Field(default=300, gt=0, description=_SECONDS)
    timeout: float = Field(default=60, gt=0, description=_SECONDS)
    interval: float = Field(default=0, ge=0, description="a number of seconds, 0 or more")

    def pause(self, tries: int) -> timedelta:
        """The pause after this many failures."""
        seconds = min(self.retry_first * 2 ** min(tries - 1, 30), self.retry_most)
        return timedelta(seconds=random.uniform(seconds / 2, seconds))  # ruff: ignore[suspicious-non-cryptographic-random-usage]

    def gives_up(self, tries: int, failing_for: timedelta) -> bool:
        """Whether to give up after this many failures in this time."""
        return tries >= self.tries and failing_for.total_seconds() >= self.give_up_after
