"""Describes movements in words, for a message and for the page."""

from collections.abc import Callable

from backstage_py.insights.alerts.message import Message
from backstage_py.insights.changes.movements import Changes, Movement
from backstage_py.insights.window import Window

_KINDS = {
    "plugin": "Plugin",
    "page": "Page",
    "search": "Search term",
    "template": "Template",
}
_FIELDS = {
    "pluginId": "plugin",
    "path": "page",
    "action": "action",
    "subject": "link",
    "team": "team",
    "origin": "origin",
    "appVersion": "version",
}


def write_digest(
    changes: Changes, *, title_of: Callable[[str, str], str] = lambda _kind, name: name
) -> Message:
    """The message about changes, with their certainty.

    Args:
        changes: The changes.
        title_of: Returns the title of a plugin, page, search or template by its kind and name.
    """
    lines = [describe(one, title_of) for one in changes.movements]
    if not changes.has_history:
        known = "1 earlier week" if changes.weeks == 1 else f"{changes.weeks} earlier weeks"
        lines = [f"Movements are shown from 4 earlier weeks on; there is data of {known}."]
    elif not lines:
        lines = ["Nothing moved beyond what is usual."]
    holidays = ", ".join(changes.holidays)
    notes = [f"Public holidays in this time: {holidays}."] if holidays else []
    if changes.has_history:
        notes.append(
            f"{changes.numbers:,} numbers were compared with the same days of {changes.weeks}"
            " earlier weeks."
        )
    return Message("digest", _title(changes), "\n".join([*lines, *notes]), "/insights/changes")


def describe(
    movement: Movement, title_of: Callable[[str, str], str] = lambda _kind, name: name
) -> str:
    """A movement in a sentence or two."""
    kind = _KINDS.get(movement.kind)
    subject = f"{kind} {title_of(movement.kind, movement.name)}, " if kind else ""
    measure = movement.measure.lower() if kind else movement.measure
    change = "" if movement.change is None else f" ({movement.change:+.0%})"
    text = f"{subject}{measure}: {movement.now:,.0f}, usually {movement.usual:,.0f}{change}."
    if (reason := describe_reason(movement, title_of)) is not None:
        text += f" {reason}"
    if movement.annotation is not None:
        text += f" Nearby: {movement.annotation.text} ({movement.annotation.at:%d %b})."
    return text


def describe_reason(
    movement: Movement, title_of: Callable[[str, str], str] = lambda _kind, name: name
) -> str | None:
    """The main reason of a movement, in a sentence; None if there is none."""
    reason = movement.reason
    if reason is None:
        return None
    field = _FIELDS.get(reason.field, reason.field)
    return f"{reason.share:.0%} of it: {field} {title_of(field, reason.value)}."


def _title(changes: Changes) -> str:
    count = len(changes.movements)
    what = "1 change" if count == 1 else f"{count} changes"
    return f"{what}, {_span(changes.window)}"


def _span(window: Window) -> str:
    assert window.since is not None
    assert window.until is not None
    first, last = (end.astimezone(window.tzinfo) for end in (window.since, window.until))
    return f"{first:%d %b} to {last:%d %b %Y}"
