"""The visiting habits of people: how often, since when, and at what time of day."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

_SATURDAY = 5
_WEEKEND = 0.07
"""The chance of a visit on a weekend, relative to a working day."""

# Of a working day, the share of visits that begin in each hour.
_HOURS = (
    *(0.1, 0, 0, 0, 0, 0.1, 0.6, 3, 8, 12.5, 13, 10),
    *(5.5, 11, 12, 10.5, 7, 3, 1.3, 0.8, 0.7, 0.5, 0.3, 0.1),
)


@dataclass(frozen=True, slots=True)
class Habit:
    """How a person uses the portal.

    `chance` is that of a visit on a working day, between `first` and `last` and outside of the
    break, all days counted from the first of the history.
    """

    chance: float
    first: int
    last: int
    break_start: int
    break_end: int

    @classmethod
    def of(cls, random: Random, days: int) -> "Habit":
        """A person's habit: most come regularly, some start late, leave, or come back."""
        kind = random.random()
        chance = _chance(random)
        first, last = 0, days
        break_start = break_end = days
        if kind < 0.17:
            first = random.randrange(days)
        elif kind < 0.29:
            last = random.randrange(max(1, days // 4), days + 1)
        elif kind < 0.39 and days > 40:
            break_start = random.randrange(3, days - 35)
            break_end = break_start + random.randrange(30, 50)
        return cls(chance, first, last, break_start, break_end)

    def visits(self, random: Random, day: int, date_: date, days: int) -> int:
        """The number of visits on a day."""
        is_away = self.break_start <= day < self.break_end
        if is_away or not self.first <= day < self.last:
            return 0
        growth = 0.72 + 0.28 * day / max(1, days - 1)
        chance = self.chance * growth * _weekday(date_)
        if day == self.first and self.first:
            chance = 1.0  # new people come on their first day
        if random.random() >= chance:
            return 0
        return 1 + (random.random() < 0.45) + (random.random() < 0.15)


def _chance(random: Random) -> float:
    kind = random.random()
    if kind < 0.26:
        return random.uniform(0.5, 0.85)
    if kind < 0.7:
        return random.uniform(0.15, 0.4)
    return random.uniform(0.02, 0.08)


def _weekday(date_: date) -> float:
    weekday = date_.weekday()
    return _WEEKEND if weekday >= _SATURDAY else (1.0, 1.08, 1.05, 1.0, 0.82)[weekday]


def moment_of_visit(random: Random, date_: date, zone: str) -> datetime:
    """The start time of a visit on a day."""
    hour = random.choices(range(24), _HOURS)[0]
    start = datetime.combine(date_, time(hour), ZoneInfo(zone)).astimezone(UTC)
    return start + timedelta(milliseconds=random.randrange(3_600_000))


def pause(random: Random, typical_seconds: float) -> timedelta:
    """How long a person views something: mostly short, sometimes long."""
    seconds = random.lognormvariate(math.log(typical_seconds), 0.8)
    return timedelta(milliseconds=max(400, min(900_000, int(seconds * 1000))))
