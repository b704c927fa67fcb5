"""Finds days on which an action was captured unusually often or rarely for their weekday.

The rule is robust: a day is compared with the same weekday of the weeks before (at least 4 of
them, those before the first event left out) by the median, in units of the median absolute
deviation scaled by 1.4826 (Iglewicz and Hoaglin, 1993), but never of less than the square root
of the median, which is what counts of independent events vary by. It is unusual above 4 units
and 10 events; a day with none is, where the median is 5 or more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median

WEEKS = 8
"""The maximum number of weeks that a day is compared with."""
FEWEST_WEEKS = 4
LOOKED_AT_DAYS = 7
"""How many of the last whole days are checked."""
UNITS = 4.0
FEWEST_EVENTS = 10
USUAL_EVENTS = 5
"""The median from which a day without events is unusual."""
_SCALE = 1.4826

Days = Mapping[date, int]


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """A day, how often an action was captured on it, and how often it usually is."""

    action: str
    day: date
    count: int
    usual: float

    @property
    def is_silent(self) -> bool:
        """Whether no event was captured at all."""
        return self.count == 0


def find_unusual_days(counts: Mapping[str, Days], today: date) -> list[UnusualDay]:
    """The unusual ones among the last whole days, by action, the newest first."""
    return [
        found
        for action, days in sorted(counts.items())
        for ago in range(1, LOOKED_AT_DAYS + 1)
        if (found := _judge(action, days, today - timedelta(days=ago))) is not None
    ]


def _judge(action: str, days: Days, day: date) -> UnusualDay | None:
    first = min(days, default=day)
    weeks = [day - timedelta(weeks=ago) for ago in range(1, WEEKS + 1)]
    before = [days.get(one, 0) for one in weeks if one >= first]
    if len(before) < FEWEST_WEEKS:
        return None
    usual, count = median(before), days.get(day, 0)
    return UnusualDay(action, day, count, usual) if _is_unusual(count, before, usual) else None


def _is_unusual(count: int, before: Sequence[int], usual: float) -> bool:
    if count == 0:
        return usual >= USUAL_EVENTS
    deviation = _SCALE * median(abs(one - usual) for one in before)
    unit = max(deviation, sqrt(usual), 1.0)
    return abs(count - usual) > UNITS * unit and abs(count - usual) >= FEWEST_EVENTS
