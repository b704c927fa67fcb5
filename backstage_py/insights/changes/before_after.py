"""The headline numbers before and after a moment: a release, an outage, a campaign."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.changes.series import Ask
from backstage_py.insights.questions.overview import Totals
from backstage_py.insights.questions.search import SearchQuality
from backstage_py.insights.scope import Scope
from backstage_py.insights.usual import Usual
from backstage_py.insights.window import Window

SURE = 2.0
"""The number of deviations from which a change is more than noise."""
MAX_DAYS = 56
_WEEK = 7
_WEEKS_BACK = 6
_NUMBERS = {
    "users": "Active users",
    "sessions": "Visits",
    "navigations": "Page views",
    "runs": "Template runs",
    "searches": "Searches",
    "withoutResult": "Searches without results",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A headline number before and after; `is_noise` says that chance explains the change."""

    key: str
    name: str
    before: float
    after: float
    deviations: float
    is_noise: bool

    @property
    def change(self) -> float | None:
        """The change as a share of the earlier number; None if that is 0."""
        return (self.after - self.before) / self.before if self.before else None

    def to_wire(self) -> dict[str, Any]:
        """The comparison as a JSON object."""
        return {
            "key": self.key,
            "name": self.name,
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "deviations": round(self.deviations, 2),
            "isMoreThanNoise": not self.is_noise,
        }


def compare_around(
    ask: Ask, scope: Scope, moment: datetime, *, now: datetime, days: int = 7
) -> list[Comparison]:
    """Compare the time after a moment with the same weekdays before it.

    The time after is as long as has passed, at most seven days; the time before is as long and
    starts whole weeks earlier. The usual deviation comes from the weeks before that.

    Args:
        ask: Answers questions.
        scope: The events and the zone; its window does not matter.
        moment: When it happened.
        now: The current time.
        days: The length of the time after it, in days.

    Raises:
        AnalyticsError: If the moment is in the future, or the days are too few or too many.
    """
    if not 1 <= days <= MAX_DAYS:
        raise AnalyticsError("days", f"are {days}", f"Use 1 to {MAX_DAYS}")
    until = min(now, moment + timedelta(days=days))
    if until <= moment:
        raise AnalyticsError("at", f"is {moment}, in the future", "Try again later")
    weeks = math.ceil(days / _WEEK)
    zone = scope.window.zone
    windows = [
        Window(moment, until, zone).weeks_earlier(weeks * number)
        for number in range(_WEEKS_BACK + 1)
    ]
    numbers = [_read(ask, scope, window) for window in windows]
    return [_compare(key, [one[key] for one in numbers]) for key in _NUMBERS]


def _compare(key: str, values: list[float]) -> Comparison:
    after, before, *earlier = values
    known = [before, *earlier] if any(earlier) else [before]
    usual = Usual.of(known)
    deviation = usual.deviation if usual else max(1.0, math.sqrt(before + after))
    distance = (after - before) / deviation
    return Comparison(key, _NUMBERS[key], before, after, distance, abs(distance) < SURE)


def _read(ask: Ask, scope: Scope, window: Window) -> dict[str, float]:
    here = Scope(window, scope.conditions, scope.sample, scope.with_robots)
    rows = {**_first(ask, Totals(), here), **_first(ask, SearchQuality(), here)}
    return {key: float(rows.get(key) or 0) for key in _NUMBERS}


def _first(ask: Ask, question: Totals | SearchQuality, scope: Scope) -> dict[str, float]:
    answer = ask(question, scope)
    row = dict(answer.rows[0]) if answer.rows else {}
    return row if isinstance(question, Totals) else {k: v for k, v in row.items() if k != "users"}
