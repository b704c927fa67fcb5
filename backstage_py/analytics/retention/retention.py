"""How long events are kept: `app.analytics.retention`."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field

from backstage_py.analytics.config.settings import SettingsModel
from backstage_py.analytics.store.deletions import Rule

OWED_AT_MOST = timedelta(days=30)
"""How much longer an event is kept that a backend is still owed."""
_AGE = re.compile(r"([1-9][0-9]{0,5})\s*(h|d|w)")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_HINT = "hours, days or weeks, as 12h, 90d or 52w"


def _parse_age(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    match = _AGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"Use {_HINT}")
    number, unit = match.groups()
    return timedelta(**{_UNITS[unit]: int(number)})


Age = Annotated[timedelta, BeforeValidator(_parse_age)]
"""A time in the configuration: `12h`, `90d` or `52w`."""


class Retention(SettingsModel):
    """The maximum age of events, for some actions and for all others; None means for ever.

    An event that a backend is still owed stays `owed_at_most` longer.
    """

    model_config = ConfigDict(validate_by_name=True)

    default: Age | None = Field(default=None, description=_HINT)
    actions: Mapping[str, Age] = Field(default={}, description=_HINT)
    owed_at_most: Age = Field(default=OWED_AT_MOST, description=_HINT)

    def rules(self, now: datetime) -> list[Rule]:
        """The expiry rules now: one for each action that has one, and one for all others."""
        rules = [self._rule(age, now, action=action) for action, age in self.actions.items()]
        if self.default is not None:
            rules.append(self._rule(self.default, now, but_for=tuple(self.actions)))
        return rules

    def _rule(
        self,
        age: timedelta,
        now: datetime,
        *,
        action: str | None = None,
        but_for: tuple[str, ...] = (),
    ) -> Rule:
        before = now - age
        return Rule(before, before - self.owed_at_most, action=action, but_for=but_for)
