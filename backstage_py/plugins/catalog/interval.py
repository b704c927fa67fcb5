"""Spans of time in the configuration of the catalog."""

from datetime import timedelta

from pydantic import Field

from backstage_py.analytics import SettingsModel


class Interval(SettingsModel):
    """A span of time, as Backstage's `HumanDuration` writes it."""

    days: float = Field(default=0, description="a number of days")
    hours: float = Field(default=0, description="a number of hours")
    minutes: float = Field(default=0, description="a number of minutes")
    seconds: float = Field(default=0, description="a number of seconds")

    @property
    def span(self) -> timedelta:
        """The sum of its parts."""
        return timedelta(**self.model_dump())
