"""Numbers, times and references in words and figures."""

import re
from datetime import date, datetime

from backstage_py.insights import Grain, Window
from backstage_py.insights.ui.sample_people import display_name, is_sample_user

MINUTES_PER_HOUR = 60
_SMALL_HOURS = 10
_FEW = 10
_FEW_DAYS = 2
MOST_PATH = 30
KEPT_PARTS = 4
_WHOLE = 1e-9


def number(value: object, digits: int = 1) -> str:
    """A number with thousands separators; a dash for none."""
    if value is None or isinstance(value, str):
        return "\N{EN DASH}" if value is None else value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        is_whole = abs(value - round(value)) < _WHOLE
        return f"{round(value):,}" if is_whole else f"{value:,.{digits}f}"
    return str(value)


def share(value: object) -> str:
    """A part of one, in per cent."""
    if not isinstance(value, int | float):
        return "\N{EN DASH}"
    percent = value * 100
    return f"{percent:.1f}%" if 0 < percent < _FEW else f"{percent:.0f}%"


def hours(minutes: object) -> str:
    """Minutes as hours."""
    if not isinstance(minutes, int | float):
        return "\N{EN DASH}"
    value = minutes / MINUTES_PER_HOUR
    return f"{value:,.1f} h" if 0 < value < _SMALL_HOURS else f"{value:,.0f} h"


def money(minutes: object, rate: float, currency: str) -> str:
    """What minutes of work cost."""
    if not isinstance(minutes, int | float):
        return "\N{EN DASH}"
    return f"{currency} {minutes / MINUTES_PER_HOUR * rate:,.0f}"


def signed(change: float) -> str:
    """A change as a share of what was before, in per cent."""
    return f"{change:+,.0%}".replace("-", "\N{MINUS SIGN}")


def length(days: float) -> str:
    """A length of time in days, or in hours where it is less than two days."""
    if days >= _FEW_DAYS:
        return f"{days:.0f} days"
    hours = max(1, round(days * 24))
    return "1 hour" if hours == 1 else f"{hours} hours"


def seconds(value: object) -> str:
    """A duration in its largest unit that is not a fraction."""
    if not isinstance(value, int | float):
        return "\N{EN DASH}"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if value >= size:
            return f"{value / size:,.1f} {unit}"
    return f"{value:,.0f} s"


def change(now: float | None, before: float | None) -> tuple[str, str]:
    """How a number has changed: a word for its direction, and a text."""
    if now is None or before is None:
        return "same", "no earlier data"
    if not before:
        return ("same", "no change") if not now else ("same", "no earlier data")
    percent = (now - before) / before * 100
    if abs(percent) < _FEW / 20:
        return "same", "no change"
    direction, sign = ("up", "+") if percent > 0 else ("down", "\N{MINUS SIGN}")
    return direction, f"{sign}{abs(percent):,.0f}% vs. previous period"


def bucket(text: object, grain: Grain) -> str:
    """The name of a piece of time, for an axis."""
    if not isinstance(text, str):
        return "\N{EN DASH}"
    moment = datetime.fromisoformat(text)
    if grain is Grain.HOUR:
        return f"{moment.day} {moment:%b %H:%M}"
    if grain is Grain.MONTH:
        return f"{moment:%b %Y}"
    return f"{moment.day} {moment:%b}"


def full_bucket(text: object, grain: Grain) -> str:
    """The same with the weekday and the year, for where there is room."""
    if not isinstance(text, str):
        return "\N{EN DASH}"
    moment = datetime.fromisoformat(text)
    day = f"{moment:%a} {moment.day} {moment:%b %Y}"
    return {
        Grain.HOUR: f"{day}, {moment:%H:%M}",
        Grain.WEEK: f"Week of {day}",
        Grain.MONTH: f"{moment:%B %Y}",
    }.get(grain, day)


def span(window: Window) -> str:
    """The days of a window, and their zone."""
    if window.since is None or window.until is None:
        return f"all time · {window.zone}"
    return f"{days(window)} · {window.zone.replace('_', ' ')}"


def days(window: Window) -> str:
    """The days of a window."""
    if window.since is None or window.until is None:
        return "all time"
    first = window.since.astimezone(window.tzinfo).date()
    last = _last_day(window)
    if first == last:
        return _day(first)
    return f"{_day(first, is_short=first.year == last.year)} \N{EN DASH} {_day(last)}"


def ends(window: Window) -> tuple[str, str]:
    """The first and the last day of a window, in ISO form; empty where it is open."""
    if window.since is None or window.until is None:
        return "", ""
    first = window.since.astimezone(window.tzinfo).date()
    return first.isoformat(), _last_day(window).isoformat()


def person(user: object) -> str:
    """A user for people: a pseudonym stays as it is."""
    text = "" if user is None else str(user)
    return display_name(text) if text.startswith("user:") or is_sample_user(text) else text


def entity(ref: object) -> str:
    """A reference without what goes without saying."""
    text = "" if ref is None else str(ref)
    if not text:
        return "none"
    kind, _, rest = text.rpartition(":")
    name = rest.removeprefix("default/")
    return name if kind in {"group", "user", ""} else f"{kind} {name}"


def route(ref: str) -> str:
    """The id of a route; empty for events outside of every page."""
    return "No page (sidebar, dialogs)" if ref == "unknown" else ref


def extension(name: str) -> str:
    """An extension's name; `App` is what is outside of every extension."""
    return "App (no extension)" if name == "App" else name


def path(address: str) -> str:
    """An address that is too long for a table without its middle: where, and of what."""
    parts = address.split("/")
    if len(address) <= MOST_PATH or len(parts) <= KEPT_PARTS:
        return address
    tail = "/".join(parts[4:]) if parts[1] in {"catalog", "docs"} else parts[-1]
    return f"/{parts[1]}/…/{tail}"


def funnel_step(name: str) -> str:
    """A step of a template's funnel for people, whose events are named for machines."""
    if found := _FORM_PAGE.fullmatch(name):
        return f"Page {found[1]} of the form"
    return _STEPS.get(name, name)


_FORM_PAGE = re.compile(r"Next Step \((\d+)\)")
_STEPS = {
    "Template has been opened": "Opened",
    "create": "Created",
    "completed": "Finished",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


def _last_day(window: Window) -> date:
    assert window.until is not None
    last = window.until.astimezone(window.tzinfo)
    return date.fromordinal(last.date().toordinal() - (last.time() == last.min.time()))


def _day(day: date, *, is_short: bool = False) -> str:
    return f"{day.day} {day:%b}" if is_short else f"{day.day} {day:%b %Y}"
