"""The section `insights` of the configuration: what an hour is worth, and whose days are shown."""

import functools
from dataclasses import dataclass
from typing import Self
from zoneinfo import available_timezones

from backstage_py.analytics import Config, ConfigurationError, load_config
from backstage_py.plugins.insights.page_query import FIRST_ZONE

SECTION = "insights"


@dataclass(frozen=True, slots=True)
class InsightsSettings:
    """`rate` is money for an hour of work, None where nobody has said it."""

    rate: float | None = None
    currency: str = "EUR"
    zone: str = FIRST_ZONE

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """Read the section.

        Raises:
            ConfigurationError: If a key or a value is wrong.
        """
        section = config.section(SECTION)
        section.reject_unknown_keys("hourlyRate", "currency", "timeZone")
        zone = section.get_optional_string("timeZone") or FIRST_ZONE
        if zone not in available_timezones():
            raise ConfigurationError(
                f"{SECTION}.timeZone", f"is {zone!r}", "Use a name as Europe/Oslo"
            )
        rate = section.get_optional_number("hourlyRate")
        if rate is not None and rate < 0:
            raise ConfigurationError(f"{SECTION}.hourlyRate", f"is {rate}", "Use 0 or more")
        return cls(rate, section.get_optional_string("currency") or "EUR", zone)


@functools.cache
def get_settings() -> InsightsSettings:
    """The settings of this process.

    Raises:
        ConfigurationError: If a key or a value is wrong.
    """
    return InsightsSettings.from_config(load_config())
