"""How a backend's events are delivered: how many at once, and for how long it is tried."""

import random
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any, Self

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class DeliveryPolicy:
    """The keys of `app.analytics.<name>.delivery`; times are in seconds.

    An event is given up only after both `tries` failures and `give_up_after`. Between two
    tries the pause doubles from `retry_first` to `retry_most`, less up to a half by chance.
    What has come together within an `interval` is sent at its end.
    """

    batch_events: int = 100
    concurrency: int = 1
    tries: int = 10
    give_up_after: float = 24 * 3600
    retry_first: float = 1
    retry_most: float = 300
    timeout: float = 60
    interval: float = 0

    def overridden(self, section: Config) -> Self:
        """This policy, but for what a section of the configuration says.

        Raises:
            ConfigurationError: If a key is unknown or its value is not a positive number.
        """
        names = {_camel_case(field.name): field.name for field in fields(self)}
        section.reject_unknown_keys(*names)
        given = {name: _positive(section, key) for key, name in names.items() if section.has(key)}
        return replace(self, **given)

    def pause(self, tries: int) -> timedelta:
        """How long to wait after so many failures."""
        seconds = min(self.retry_first * 2 ** min(tries - 1, 30), self.retry_most)
        return timedelta(seconds=random.uniform(seconds / 2, seconds))  # ruff: ignore[suspicious-non-cryptographic-random-usage]

    def gives_up(self, tries: int, failing_for: timedelta) -> bool:
        """Whether so many failures in so long a time are enough."""
        return tries >= self.tries and failing_for.total_seconds() >= self.give_up_after


_WHOLE = frozenset({"batchEvents", "concurrency", "tries"})


def _positive(section: Config, key: str) -> Any:
    number = section.get_optional_number(key)
    may_be_zero = key == "interval" and number == 0
    if number is None or (number <= 0 and not may_be_zero) or _is_broken(key, number):
        kind = "whole number" if key in _WHOLE else "number"
        raise ConfigurationError(section.where(key), f"is {number}", f"Use a {kind} above 0")
    return int(number) if key in _WHOLE else number


def _is_broken(key: str, number: float) -> bool:
    return key in _WHOLE and number != int(number)


def _camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
