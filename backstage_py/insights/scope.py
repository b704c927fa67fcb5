"""The events that a question is about."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from backstage_py.analytics import Scalar, sample_session
from backstage_py.insights.window import Window

SAMPLE_PREFIX = sample_session()
"""The prefix of the sessions of sample data."""
ROBOT_KEY = "robot"
"""The context key that marks a robot's events with true."""


class Sample(StrEnum):
    """How sample data is treated."""

    ALL = "all"
    ONLY = "only"
    WITHOUT = "without"


class Operator(StrEnum):
    """The operators of conditions. `IS` and `IS_NOT` accept one value or several (any of them)."""

    IS = "is"
    IS_NOT = "is not"
    CONTAINS = "contains"
    BEGINS = "begins with"
    IS_SET = "is set"
    IS_NOT_SET = "is not set"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition on events.

    `field` is `action`, `subject`, `value`, `pluginId`, `extension`, `routeRef`, `path`, `to`,
    `entityRef`, `user`, `team`, `session`, `origin`, `appVersion`, or a key as `attributes.env`,
    `context.segment`. Texts are compared as they are, numbers by `above` and `below`.
    """

    field: str
    operator: Operator
    values: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """A window, and the conditions that events in it have to meet."""

    window: Window
    conditions: tuple[Condition, ...] = ()
    sample: Sample = Sample.ALL
    with_robots: bool = True

    def previous(self, now: datetime | None = None) -> "Scope":
        """The same for the previous window, as far as this one has run at `now`.

        Raises:
            AnalyticsError: If the window is open.
        """
        return replace(self, window=self.window.previous(now))

    def narrowed(self, *conditions: Condition) -> "Scope":
        """With further conditions."""
        return replace(self, conditions=(*self.conditions, *conditions))
