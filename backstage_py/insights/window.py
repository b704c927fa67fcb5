"""The time window of a question, and its intervals."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from backstage_py.analytics import AnalyticsError

_HINT = "Use a name of the IANA time zone database, as Europe/Berlin"


class Grain(StrEnum):
    """The length of intervals; weeks begin on Monday (ISO 8601)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Window:
    """A time window: `since` is inclusive, `until` exclusive; None is open. Days are in `zone`.

    Raises:
        AnalyticsError: If the zone is unknown, or a time has no offset from UTC.
    """

    since: datetime | None = None
    until: datetime | None = None
    zone: str = "UTC"

    def __post_init__(self) -> None:
        _find_zone(self.zone)
        for name in ("since", "until"):
            moment: datetime | None = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise AnalyticsError(name, f"is {moment}", "Give its offset from UTC")

    @classmethod
    def last_days(cls, days: int, *, now: datetime, zone: str = "UTC") -> Self:
        """The last whole days of the zone, ending with the day of `now`."""
        today = now.astimezone(_find_zone(zone)).date()
        return cls.of_days(today - timedelta(days=days - 1), today, zone=zone)

    @classmethod
    def of_days(cls, first: date, last: date, *, zone: str = "UTC") -> Self:
        """A window from the start of the first day to the end of the last."""
        info = _find_zone(zone)
        ends = (first, last + timedelta(days=1))
        since, until = (datetime.combine(day, time(), info).astimezone(UTC) for day in ends)
        return cls(since, until, zone)

    @property
    def tzinfo(self) -> ZoneInfo:
        """The zone."""
        return _find_zone(self.zone)

    def previous(self, now: datetime | None = None) -> "Window":
        """The window of the same length that ends where this one begins, for comparison.

        It is counted in the zone's own time, so that whole days stay whole days. If this window is
        still running at `now`, the previous one is cut to the same elapsed time.

        Raises:
            AnalyticsError: If this window is open.
        """
        if self.since is None or self.until is None:
            raise AnalyticsError("window", "is open", "Give both ends to compare it")
        begin, end = (
            moment.astimezone(self.tzinfo).replace(tzinfo=None)
            for moment in (self.since, self.until)
        )
        length = end - begin
        before = (begin - length).replace(tzinfo=self.tzinfo).astimezone(UTC)
        if now is None or not self.since < now < self.until:
            return replace(self, since=before, until=self.since)
        reached = now.astimezone(self.tzinfo).replace(tzinfo=None) - length
        until = reached.replace(tzinfo=self.tzinfo).astimezone(UTC)
        return replace(self, since=before, until=min(until, self.since))

    def weeks_earlier(self, weeks: int) -> "Window":
        """The same weekdays and hours of the zone, some weeks earlier.

        Raises:
            AnalyticsError: If this window is open.
        """
        if self.since is None or self.until is None:
            raise AnalyticsError("window", "is open", "Give both ends to compare it")
        since, until = (
            (end.astimezone(self.tzinfo).replace(tzinfo=None) - timedelta(weeks=weeks))
            .replace(tzinfo=self.tzinfo)
            .astimezone(UTC)
            for end in (self.since, self.until)
        )
        return replace(self, since=since, until=until)

    def fitting_grain(self) -> Grain:
        """A grain that cuts the window into at most a few dozen intervals."""
        if self.since is None or self.until is None:
            return Grain.MONTH
        days = (self.until - self.since) / timedelta(days=1)
        limits = ((2, Grain.HOUR), (62, Grain.DAY), (400, Grain.WEEK))
        return next((grain for limit, grain in limits if days <= limit), Grain.MONTH)


def _find_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise AnalyticsError("zone", f"{name[:60]!r} is unknown", _HINT) from None
