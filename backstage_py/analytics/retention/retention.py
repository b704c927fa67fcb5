"""How long events are kept: `app.analytics.retention`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.store.deletions import Rule

OWED_AT_MOST = timedelta(days=30)
"""How much longer an event stays that a backend has not been sent yet."""
_AGE = re.compile(r"([1-9][0-9]{0,5})\s*(h|d|w)")
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_HINT = "Use hours, days or weeks, as 12h, 90d or 52w"


@dataclass(frozen=True, slots=True)
class Retention:
    """How old events may get: those of some actions, and all others; None is for ever.

    An event that a backend is still owed stays `owed_at_most` longer.
    """

    default: timedelta | None = None
    actions: Mapping[str, timedelta] = field(default_factory=dict)
    owed_at_most: timedelta = OWED_AT_MOST

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """What a section says.

        Raises:
            ConfigurationError: If a key is unknown, or an age is none.
        """
        config.reject_unknown_keys("default", "actions", "owedAtMost")
        actions = config.section("actions")
        return cls(
            default=_age(config, "default"),
            actions={
                action: age
                for action in actions.as_dict()
                if (age := _age(actions, action)) is not None
            },
            owed_at_most=_age(config, "owedAtMost") or OWED_AT_MOST,
        )

    def rules(self, now: datetime) -> list[Rule]:
        """What is old enough now: a rule for each action that has one, and one for all others."""
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


def _age(config: Config, key: str) -> timedelta | None:
    if not config.has(key):
        return None
    text = config.as_dict()[key]
    match = _AGE.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise ConfigurationError(config.where(key), f"is {text!r}"[:80], _HINT)
    number, unit = match.groups()
    return timedelta(**{_UNITS[unit]: int(number)})
