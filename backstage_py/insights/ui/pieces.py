"""Pieces of time: from the name that an answer gives one to the moments it lies between."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from backstage_py.insights import Grain, Window

_DAYS = {Grain.DAY: 1, Grain.WEEK: 7}
_DECEMBER = 12


def write_span(date: object, grain: Grain, window: Window) -> str:
    """The moments that a piece lies between, within the window; empty for what is not a piece."""
    if not isinstance(date, str):
        return ""
    since, until = _ends(datetime.fromisoformat(date), grain, window.tzinfo)
    since = max(since, window.since or since)
    until = min(until, window.until or until)
    return f"{since.isoformat()}/{until.isoformat()}"


def read_span(text: str, window: Window) -> Window:
    """The window between two such moments; the whole window for any other text."""
    try:
        since, until = map(datetime.fromisoformat, text.split("/"))
    except ValueError:
        return window
    return Window(since, until, window.zone) if since.tzinfo and until.tzinfo else window


def _ends(start: datetime, grain: Grain, zone: ZoneInfo) -> tuple[datetime, datetime]:
    if grain is Grain.HOUR:
        begin = start.replace(tzinfo=zone).astimezone(UTC)
        return begin, begin + timedelta(hours=1)
    if grain is Grain.MONTH:
        is_last = start.month == _DECEMBER
        end = start.replace(year=start.year + is_last, month=1 if is_last else start.month + 1)
    else:
        end = start + timedelta(days=_DAYS[grain])
    begin, after = (moment.replace(tzinfo=zone).astimezone(UTC) for moment in (start, end))
    return begin, after
