"""What an Insights page is asked, as its address says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Self
from urllib.parse import parse_qs, urlencode
from zoneinfo import available_timezones

from backstage_py.insights import Grain, Sample, Window

RANGES = {
    "1d": "Today",
    "7d": "Last 7 days",
    "28d": "Last 28 days",
    "90d": "Last 90 days",
    "365d": "Last 12 months",
    "custom": "Custom",
}
FIRST_RANGE = "28d"
FIRST_ZONE = "UTC"
GRAINS = {"": "Auto", "hour": "Hour", "day": "Day", "week": "Week", "month": "Month"}
WHERE = "where"
"""The parameter with the filters, as JSON: see `builder.write_conditions`."""
MAX_TEXT = 4_000
MAX_DAYS = 3_700
MAX_HOURS_DAYS = 14
"""Longer windows have no hourly interval: the points would be too close to tell apart."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_COMMON = ("range", "since", "until", "grain", "zone", "sample")


@dataclass(frozen=True, slots=True)
class PageQuery:
    """The range, its zone and grain, and what the page itself takes (`more`).

    `since` and `until` are the first and the last day of a custom range. What an address says
    wrongly is left out.
    """

    range: str = FIRST_RANGE
    since: str = ""
    until: str = ""
    grain: str = ""
    zone: str = FIRST_ZONE
    with_sample: bool = True
    more: Mapping[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def from_address(cls, query: str, *, zone: str = FIRST_ZONE) -> Self:
        """Read the query of an address; `zone` is the one unless it names another."""
        values = {key: found[-1][:MAX_TEXT] for key, found in parse_qs(query.lstrip("?")).items()}
        asked = values.get("zone", zone)
        return cls(
            range=_one_of(RANGES, values.get("range", FIRST_RANGE), FIRST_RANGE),
            since=_read_date(values.get("since", "")),
            until=_read_date(values.get("until", "")),
            grain=_one_of(GRAINS, values.get("grain", ""), ""),
            zone=asked if asked in available_timezones() else zone,
            with_sample=values.get("sample") != "without",
            more={key: value for key, value in values.items() if key not in _COMMON},
        )

    def to_address(self, *, zone: str = FIRST_ZONE) -> str:
        """Write the query of an address, without what it would be anyway."""
        return urlencode([*self._common(zone).items(), *self.more.items()], safe=":/,@*")

    def to_tab(self, *, zone: str = FIRST_ZONE) -> str:
        """Write what another tab takes over: the range, how it is looked at, and the filters."""
        filters = {key: self.more[key] for key in (WHERE,) if key in self.more}
        return urlencode({**self._common(zone), **filters}, safe=":/,@*")

    def to_window(self, now: datetime) -> Window:
        """The span of time, in whole days of the zone."""
        if self.range == "custom" and self.since and self.until:
            ends = sorted((date.fromisoformat(self.since), date.fromisoformat(self.until)))
            first = max(ends[0], ends[1] - timedelta(days=MAX_DAYS))
            return Window.of_days(first, ends[1], zone=self.zone)
        days = int((self.range if self.range != "custom" else FIRST_RANGE).removesuffix("d"))
        return Window.last_days(days, now=now, zone=self.zone)

    def to_grain(self, window: Window) -> Grain:
        """How time is cut: as asked, where that leaves a picture one can read."""
        fitting = window.fitting_grain()
        if not self.grain or window.since is None or window.until is None:
            return fitting
        wanted = Grain(self.grain)
        is_long = window.until - window.since > timedelta(days=MAX_HOURS_DAYS)
        return fitting if wanted is Grain.HOUR and is_long else wanted

    @property
    def sample(self) -> Sample:
        """What becomes of sample data."""
        return Sample.ALL if self.with_sample else Sample.WITHOUT

    def including(self, **more: str) -> "PageQuery":
        """With these of the page's own parameters; an empty one is taken away."""
        merged = {**self.more, **more}
        return replace(self, more={key: value for key, value in merged.items() if value})

    def _common(self, zone: str) -> dict[str, str]:
        values = {
            "range": self.range if self.range != FIRST_RANGE else "",
            "since": self.since if self.range == "custom" else "",
            "until": self.until if self.range == "custom" else "",
            "grain": self.grain,
            "zone": self.zone if self.zone != zone else "",
            "sample": "" if self.with_sample else "without",
        }
        return {key: value for key, value in values.items() if value}


def _one_of(choices: Mapping[str, str], value: str, otherwise: str) -> str:
    return value if value in choices else otherwise


def _read_date(text: str) -> str:
    if not _DATE.fullmatch(text):
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
