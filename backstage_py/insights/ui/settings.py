"""The section `insights` of the configuration: the hourly rate, currency and time zone."""

import functools
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from backstage_py.analytics import RequiredText, SettingsModel, load_config
from backstage_py.insights.ui.page_query import FIRST_ZONE

SECTION = "insights"


def _require_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("Use the name of a time zone")
    return name


class DisplaySettings(SettingsModel):
    """The keys of the section; `rate` is money for an hour of work, None where none is set."""

    rate: float | None = Field(
        default=None, alias="hourlyRate", ge=0, description="a number, 0 or more"
    )
    currency: RequiredText = Field(default="EUR", description="the code of a currency, as EUR")
    zone: Annotated[str, AfterValidator(_require_zone)] = Field(
        default=FIRST_ZONE, alias="timeZone", description="the name of a time zone, as Europe/Oslo"
    )


@functools.cache
def get_settings() -> DisplaySettings:
    """The settings of this process.

    Raises:
        ConfigurationError: If a key or a value is wrong.
    """
    return DisplaySettings.from_config(load_config().section(SECTION))
