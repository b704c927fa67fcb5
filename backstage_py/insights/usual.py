"""Usual values: the same weekdays and hours of the previous weeks, without public holidays."""

import functools
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backstage_py.analytics import AnalyticsError
from backstage_py.insights.window import Window

WEEKS = 8
"""The number of past weeks to compare with."""
FEWEST_WEEKS = 4
"""The minimum number of weeks of history to call anything unusual."""
USUAL_DEVIATIONS = 3.0
_MAD_TO_DEVIATION = 1.4826
"""The ratio of standard deviation to median absolute deviation of a normal distribution."""
_FEW_VALUES = {4: 5.1, 5: 5.0, 6: 2.7, 7: 2.6, 8: 2.0}
"""How much wider a deviation is taken that so few weeks show.

Four to eight values often agree by chance, and the next one then looks unusual. With these factors
one in a hundred numbers without any trend is three deviations from the usual, as drawn at random
from a normal distribution; without them up to one in six is.
"""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Knows public holidays.

    Args:
        country: An ISO 3166-1 code, optionally with a subdivision, such as `NO` or `DE-BY`; None
            for no holidays.

    Raises:
        AnalyticsError: If the country or its subdivision is unknown.
    """

    country: str | None = None

    def __post_init__(self) -> None:
        if self.country is not None:
            _holidays_of(self.country, 2026)

    def holiday(self, day: date) -> str | None:
        """The name of the public holiday on a day, or None."""
        return None if self.country is None else _holidays_of(self.country, day.year).get(day)

    def holidays_in(self, window: Window) -> dict[date, str]:
        """The public holidays within a window."""
        if window.since is None or window.until is None:
            return {}
        first = window.since.astimezone(window.tzinfo).date()
        last = (window.until - timedelta(microseconds=1)).astimezone(window.tzinfo).date()
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return {day: name for day in days if (name := self.holiday(day)) is not None}


@functools.cache
def _holidays_of(country: str, year: int) -> dict[date, str]:
    import holidays

    code, _, part = country.partition("-")
    try:
        found = holidays.country_holidays(code, subdiv=part or None, years=year)
    except NotImplementedError:
        hint = "Use an ISO code, as NO or DE-BY"
        raise AnalyticsError("country", f"{country!r} is unknown", hint) from None
    return {day: str(name) for day, name in found.items()}


def weeks_before(window: Window, calendar: Calendar, weeks: int = WEEKS) -> list[Window]:
    """The same time in the weeks before, newest first, without weeks with a holiday."""
    found = (window.weeks_earlier(number) for number in range(1, weeks + 1))
    return [one for one in found if not calendar.holidays_in(one)]


@dataclass(frozen=True, slots=True)
class Usual:
    """The usual value of a number, and its usual deviation."""

    middle: float
    deviation: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Usual | None":
        """The usual value of past numbers; None if there are too few.

        The deviation is the greater of the observed one (the median absolute deviation, which a
        single odd week does not change, widened since the weeks are few) and the square root of the
        median, the deviation of counts by pure chance (Poisson).
        """
        if len(values) < FEWEST_WEEKS:
            return None
        middle = statistics.median(values)
        seen = statistics.median([abs(value - middle) for value in values]) * _MAD_TO_DEVIATION
        seen *= _FEW_VALUES.get(len(values), 1.0)
        return cls(middle, max(seen, math.sqrt(abs(middle)), 1.0))

    def distance(self, value: float) -> float:
        """The number of deviations of a value above the median; negative below it."""
        return (value - self.middle) / self.deviation
