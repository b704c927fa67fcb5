"""Alerts and digests: the items of `app.analytics.insights.alerts` and `.digests`."""

import hashlib
import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from backstage_py.analytics import Scalar, SettingsModel
from backstage_py.insights.scope import Condition, Operator

IN_APP = "inApp"
"""The channel of notifications in the portal."""
MAX_NAME = 200
_SPAN = re.compile(r"(\d{1,4})(m|h|d|w)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WITHOUT_THRESHOLD = {"silent", "unusual"}


class When(StrEnum):
    """The conditions that make an alert fire."""

    ABOVE = "above"
    BELOW = "below"
    CHANGED_BY = "changedBy"
    UNUSUAL = "unusual"
    SILENT = "silent"


def parse_span(text: str) -> timedelta:
    """Parse a length of time, such as `30m`, `24h`, `7d` or `4w`.

    Raises:
        ValueError: If it is not one.
    """
    found = _SPAN.fullmatch(text)
    if found is None or not int(found[1]):
        raise ValueError("Use a number with m, h, d or w, such as 24h")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _check_span(text: str) -> str:
    parse_span(text)
    return text


Span = Annotated[str, AfterValidator(_check_span)]


class FilterSettings(SettingsModel):
    """A condition that events have to meet."""

    field: str = Field(description="a field, as pluginId or attributes.env")
    operator: Operator = Field(Operator.IS, description="an operator, as is or contains")
    values: tuple[Scalar, ...] = Field((), description="a list of values")

    def to_condition(self) -> Condition:
        """The condition."""
        return Condition(self.field, self.operator, self.values)


class RuleSettings(SettingsModel):
    """The keys that alerts and digests share."""

    name: str = Field(min_length=1, max_length=MAX_NAME, description="a name that is used once")
    channels: tuple[str, ...] = Field(
        (IN_APP,), min_length=1, description="a list of Apprise URLs, or inApp"
    )
    to: tuple[str, ...] = Field((), description="a list of users and groups for inApp")

    @property
    def fingerprint(self) -> str:
        """A text that changes when the rule does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


class AlertRule(RuleSettings):
    """A question whose number is checked regularly."""

    question: str = Field(description="the name of a question, as totals")
    parameters: dict[str, Any] = Field({}, description="the question's parameters")
    column: str | None = Field(None, description="the column with the number")
    filter: tuple[FilterSettings, ...] = Field((), description="a list of conditions")
    when: When = Field(description="above, below, changedBy, unusual or silent")
    threshold: float | None = Field(None, description="a number")
    at_least: float = Field(0, ge=0, description="a number that changedBy and unusual need")
    window: Span = Field("24h", description="a length of time, as 24h or 7d")
    every: Span = Field("5m", description="a length of time, as 5m")
    with_sample: bool = Field(False, description="true to count sample data, or false")

    @model_validator(mode="after")
    def _has_threshold(self) -> "AlertRule":
        if self.threshold is None and self.when not in _WITHOUT_THRESHOLD:
            raise ValueError(f"{self.when} needs a threshold: give it as a number")
        return self


class DigestRule(RuleSettings):
    """The movements of a period, sent on a schedule."""

    schedule: str = Field(description="a schedule in cron's form, as 0 8 * * 1")
    zone: str = Field("UTC", description="an IANA time zone, as Europe/Oslo")
    days: int = Field(7, ge=1, le=92, description="a number of days, 1 to 92")


SINGLE_ROW = frozenset({"totals", "reach", "search-quality", "visit-length"})
"""Questions whose answer is one row; any of its numbers can be checked."""
ADDITIVE = (
    *("value", "events", "views", "clicks", "searches", "withoutResult", "withoutClick", "hits"),
    *("runs", "minutesSaved", "moves", "times", "opened", "created", "completed", "failed"),
    *("cancelled", "navigations", "errors", "answers"),
)
"""Columns whose sum over all rows means something; distinct people do not add up."""


def column_of(rule: AlertRule, name: str, columns: list[str]) -> str:
    """The column that a rule checks.

    Raises:
        ValueError: If there is none of that name, or its numbers cannot be added up.
    """
    usable = [c for c in columns if name in SINGLE_ROW or c in ADDITIVE]
    if not usable:
        raise ValueError(f"{name} has no number for an alert: ask explore or totals instead")
    if rule.column is None:
        return usable[0]
    if rule.column not in usable:
        raise ValueError(f"column is {rule.column!r}: use one of {', '.join(usable)}")
    return rule.column
