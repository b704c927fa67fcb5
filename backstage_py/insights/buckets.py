"""Cuts time into numbered intervals of a zone's local time.

The zone's offset from UTC is written into the statement, with the moments at which it changes, so
that no database needs to know zones. Intervals are counted from 1970; weeks from a Monday.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case

from backstage_py.insights.dialects import number, whole_quotient
from backstage_py.insights.events import Bounds
from backstage_py.insights.window import Grain, Window

SECOND = 1_000_000
"""A second in microseconds, the unit of all moments here."""
HOUR = 3_600 * SECOND
DAY = 24 * HOUR
QUARTER = HOUR // 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS_TO_MONDAY = 3  # 1970 began on a Thursday
_STEP = timedelta(days=7)


def to_moment(time: datetime) -> int:
    """A time in microseconds since 1970."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def from_moment(moment: int) -> datetime:
    """The time of a moment, in UTC."""
    return _EPOCH + timedelta(microseconds=moment)


def bucket(
    moment: ColumnElement[int], grain: Grain, zone: ZoneInfo, bounds: Bounds
) -> ColumnElement[int]:
    """The number of the interval of a moment within bounds."""
    if grain is Grain.MONTH:
        return _month(moment, zone, bounds)
    local = _local(moment, zone, bounds)
    if grain is Grain.HOUR:
        return whole_quotient(local, number(HOUR))
    if grain is Grain.DAY:
        return whole_quotient(local, number(DAY))
    return whole_quotient(local + number(_DAYS_TO_MONDAY * DAY), number(7 * DAY))


def bucket_of(moment: int, grain: Grain, zone: ZoneInfo) -> int:
    """The number of the interval of a moment."""
    time = from_moment(moment).astimezone(zone)
    if grain is Grain.MONTH:
        return _month_number(time.date())
    local = moment + (time.utcoffset() or timedelta()) // timedelta(microseconds=1)
    if grain is Grain.HOUR:
        return local // HOUR
    day = local // DAY
    return day if grain is Grain.DAY else (day + _DAYS_TO_MONDAY) // 7


def pieces_of(bounds: Bounds, grain: Grain, zone: ZoneInfo) -> range:
    """The numbers of the intervals within bounds."""
    if bounds.after_last <= bounds.first:
        return range(0)
    first = bucket_of(bounds.first, grain, zone)
    return range(first, bucket_of(bounds.after_last - 1, grain, zone) + 1)


def fill(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], grain: Grain, pieces: range
) -> list[dict[str, Any]]:
    """A row for each interval, with zeros where there is none.

    Args:
        rows: The existing rows, each with the number of its interval in `piece`.
        columns: `date`, then the columns with numbers.
        grain: The length of an interval.
        pieces: The numbers of the intervals.
    """
    found = {row["piece"]: row for row in rows}
    nothing = dict.fromkeys(columns[1:], 0)
    return [
        {"date": label(piece, grain), **{key: found.get(piece, nothing)[key] for key in nothing}}
        for piece in pieces
    ]


def whole_pieces(window: Window, grain: Grain) -> Window:
    """The window from the start of its first interval to the end of its last one."""
    zone, since, until = window.tzinfo, window.since, window.until
    if since is not None:
        since = piece_begin(bucket_of(to_moment(since), grain, zone), grain, zone)
    if until is not None:
        last = bucket_of(to_moment(until) - 1, grain, zone)
        until = piece_begin(last + 1, grain, zone)
    return Window(since, until, window.zone)


def piece_begin(piece: int, grain: Grain, zone: ZoneInfo) -> datetime:
    """The start of an interval; an hour that a clock skips starts with the next."""
    local = datetime.combine(first_day(piece, grain), time(), zone)
    if grain is Grain.HOUR:
        local = local.replace(hour=piece % 24)
    return local.astimezone(UTC)


def partial_pieces(window: Window, grain: Grain, now: datetime) -> dict[str, str]:
    """The incomplete intervals of a window, by their labels: `cut` by it, or `running`."""
    zone = window.tzinfo
    if window.since is None or window.until is None or window.until <= window.since:
        return {}
    first = bucket_of(to_moment(window.since), grain, zone)
    last = bucket_of(to_moment(window.until) - 1, grain, zone)
    ends = {
        piece: (piece_begin(piece, grain, zone), piece_begin(piece + 1, grain, zone))
        for piece in {first, last, bucket_of(to_moment(now), grain, zone)}
        & {*range(first, last + 1)}
    }
    found: dict[str, str] = {}
    for piece, (begin, end) in ends.items():
        if begin < window.since or window.until < end:
            found[label(piece, grain)] = "cut"
        if begin <= now < end:
            found[label(piece, grain)] = "running"
    return found


def has_quarters(zone: ZoneInfo, bounds: Bounds) -> bool:
    """Whether the zone's days start at a quarter of an hour, as in all current zones."""
    return all(offset % QUARTER == 0 for _begin, offset in _offsets(zone, bounds))


def label(piece: int, grain: Grain) -> str:
    """The interval's first day, or its hour, in ISO 8601."""
    if grain is Grain.HOUR:
        return (_EPOCH + timedelta(hours=piece)).strftime("%Y-%m-%dT%H:%M")
    return first_day(piece, grain).isoformat()


def first_day(piece: int, grain: Grain) -> date:
    """The first day of an interval."""
    if grain is Grain.MONTH:
        return date(piece // 12, piece % 12 + 1, 1)
    days = {Grain.HOUR: piece // 24, Grain.DAY: piece, Grain.WEEK: piece * 7 - _DAYS_TO_MONDAY}
    return _EPOCH.date() + timedelta(days=days[grain])


def _local(moment: ColumnElement[int], zone: ZoneInfo, bounds: Bounds) -> ColumnElement[int]:
    offsets = _offsets(zone, bounds)
    if len(offsets) == 1:
        return moment + number(offsets[0][1]) if offsets[0][1] else moment
    return moment + case(
        *(
            (moment < number(next_), number(offset))
            for (_, offset), (next_, _) in pairwise(offsets)
        ),
        else_=number(offsets[-1][1]),
    )


def _offsets(zone: ZoneInfo, bounds: Bounds) -> list[tuple[int, int]]:
    """The offsets of the zone, each with the moment from which it applies."""
    moment = from_moment(bounds.first)
    end = from_moment(bounds.after_last)
    offsets = [(bounds.first, _offset(zone, moment))]
    while moment < end:
        next_ = min(moment + _STEP, end)
        if _offset(zone, next_) != _offset(zone, moment):
            change = _change(zone, moment, next_)
            offsets.append((change, _offset(zone, from_moment(change))))
        moment = next_
    return offsets


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> int:
    """The moment between two at which the offset changes, to the second."""
    low, high = to_moment(before) // SECOND, -(-to_moment(after) // SECOND)
    old = _offset(zone, before)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, from_moment(middle * SECOND)) == old:
            low = middle
        else:
            high = middle
    return high * SECOND


def _offset(zone: ZoneInfo, time: datetime) -> int:
    return (time.astimezone(zone).utcoffset() or timedelta()) // timedelta(microseconds=1)


def _month(moment: ColumnElement[int], zone: ZoneInfo, bounds: Bounds) -> ColumnElement[int]:
    first = _month_number(from_moment(bounds.first).astimezone(zone).date())
    last = _month_number(from_moment(bounds.after_last).astimezone(zone).date())
    if first == last:
        return number(first) + moment * number(0)
    begins = {month: _month_begin(month, zone) for month in range(first + 1, last + 1)}
    return case(
        *((moment < number(begin), number(month - 1)) for month, begin in begins.items()),
        else_=number(last),
    )


def _month_begin(month: int, zone: ZoneInfo) -> int:
    return to_moment(datetime(month // 12, month % 12 + 1, 1, tzinfo=zone).astimezone(UTC))


def _month_number(day: date) -> int:
    return day.year * 12 + day.month - 1
