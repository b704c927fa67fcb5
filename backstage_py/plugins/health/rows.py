"""The rows of the health page: words and figures."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

from backstage_py.analytics import DeliveryState, PendingDelivery, RecordedEvent
from backstage_py.plugins.health.service import (
    BackendHealth,
    Undelivered,
    UndeliveredPage,
    oldest_undelivered,
)
from backstage_py.ui.entries import Entry, build_entries

Tone: TypeAlias = Literal["good", "busy", "bad", "off"]
"""The meaning of an icon: all is well, in progress, needs attention, not in use."""

REASON_CHARACTERS = 140
"""The length of a backend's reason in the table; a longer one is cut until it is opened."""


@dataclass(frozen=True)
class Figure:
    """A figure of the pipeline, with a word if it is a problem."""

    label: str
    value: str
    meaning: str
    is_problem: bool = False


@dataclass(frozen=True)
class BackendRow:
    """The state of a backend, in words."""

    name: str
    tone: Tone
    state: str
    reason: str
    is_reason_long: bool
    owed: str
    waiting: str
    dead: str
    has_dead: bool
    age: str
    can_retry: bool


@dataclass(frozen=True)
class UndeliveredRow:
    """An event that a backend has not accepted; unknown texts are empty."""

    key: str
    backend: str
    event_id: str
    tone: Tone
    state: str
    reason: str
    tries: str
    failing_since: str
    next_try: str
    session: str
    time: str
    action: str
    subject: str
    value: str
    user: str
    captured: str
    can_retry: bool
    attributes: list[Entry] = field(default_factory=list)
    context: list[Entry] = field(default_factory=list)


def build_figures(
    totals: Mapping[str, int], backends: Sequence[BackendHealth] | None, now: datetime
) -> list[Figure]:
    """The pipeline's counters, and the age of the oldest undelivered event.

    `backends` is None if the database does not answer.
    """
    counted = [
        Figure(label, f"{totals[name]:,}", meaning, name in _PROBLEMS and totals[name] > 0)
        for name, (label, meaning) in _FIGURES.items()
    ]
    return [*counted, Figure("Oldest undelivered", _oldest(backends, now), "across all backends")]


def _oldest(backends: Sequence[BackendHealth] | None, now: datetime) -> str:
    if backends is None:
        return "Unknown"
    oldest = oldest_undelivered(backends)
    return "None" if oldest is None else describe_age(now - oldest)


_FIGURES = {
    "captured": ("Captured", "from browsers and event handlers"),
    "accepted": ("Accepted", "new events in the store"),
    "duplicate": ("Duplicate", "sent again, stored once"),
    "rejected": ("Rejected", "invalid, permanently refused"),
    "put_off": ("Deferred", "not stored yet, will be sent again"),
    "dropped_in_browser": ("Dropped in browsers", "dropped by full queues"),
    "lost": ("Lost", "dropped: server queue full"),
}
_PROBLEMS = frozenset({"dropped_in_browser", "lost"})


def build_problems(totals: Mapping[str, int], backends: Sequence[BackendHealth]) -> list[str]:
    """The problems that need attention, one sentence each."""
    problems: list[str] = []
    if lost := totals["lost"]:
        problems.append(f"{_count(lost, 'capture')} of event handlers found no room and were lost.")
    if dropped := totals["dropped_in_browser"]:
        problems.append(f"{_count(dropped, 'event')} did not fit into browsers' queues.")
    for one in backends:
        name = one.backlog.backend
        if one.is_failing:
            tries = _count(one.backlog.cursor.failure.tries, "try", "tries")
            problems.append(f"{name} takes nothing: {tries} failed.")
        if one.backlog.dead:
            problems.append(f"{_count(one.backlog.dead, 'event')} for {name} had to be given up.")
    return problems


def build_backend_row(health: BackendHealth, now: datetime) -> BackendRow:
    """The row of a backend."""
    backlog = health.backlog
    tone, state = _describe_backend(health, now)
    reason = backlog.cursor.failure.reason or "" if health.is_failing else ""
    oldest = backlog.oldest_owed
    return BackendRow(
        name=backlog.backend,
        tone=tone,
        state=state,
        reason=reason,
        is_reason_long=len(reason) > REASON_CHARACTERS,
        owed=f"{backlog.owed:,}",
        waiting=f"{backlog.waiting:,}",
        dead=f"{backlog.dead:,}",
        has_dead=backlog.dead > 0,
        age="none" if oldest is None else describe_age(now - oldest),
        can_retry=health.is_configured
        and bool(backlog.dead or backlog.waiting or health.is_failing),
    )


def _describe_backend(health: BackendHealth, now: datetime) -> tuple[Tone, str]:
    backlog = health.backlog
    failure = backlog.cursor.failure
    if not health.is_configured:
        return "off", "No longer configured"
    pause = failure.retry_at if failure.retry_at and failure.retry_at > now else None
    until = f" until {pause:%H:%M:%S} UTC" if pause else ""
    if failure.tries:
        what = f"Pausing{until}" if pause else "Trying again"
        return "bad", f"{what}, tries {failure.tries}"
    if pause:
        return "busy" if backlog.owed else "good", f"Gathering{until}"
    if backlog.owed:
        return "busy", "Delivering"
    if backlog.waiting:
        return "busy", "Up to date, except for waiting events"
    return "good", "Up to date"


def build_undelivered_row(
    undelivered: Undelivered, backends: Sequence[BackendHealth]
) -> UndeliveredRow:
    """The row of an event that a backend has not accepted."""
    parked, event = undelivered.parked, undelivered.event
    configured = {one.backlog.backend for one in backends if one.is_configured}
    tone, state = _STATES[parked.state]
    return UndeliveredRow(
        key=f"{parked.position} {parked.backend}",
        backend=parked.backend,
        event_id=parked.event_id,
        tone=tone,
        state=state,
        reason=_describe_reason(parked),
        tries=f"{parked.failure.tries:,}",
        failing_since=_moment(parked.failure.failing_since),
        next_try=_describe_next_try(parked),
        session=parked.session_id or "",
        can_retry=parked.state is not DeliveryState.DROPPED and parked.backend in configured,
        **_describe_event(event),
    )


_STATES: Mapping[DeliveryState, tuple[Tone, str]] = {
    DeliveryState.DEAD: ("bad", "Given up"),
    DeliveryState.WAITING: ("busy", "Waiting"),
    DeliveryState.DROPPED: ("off", "Dropped"),
}


def _describe_reason(parked: PendingDelivery) -> str:
    if parked.failure.reason:
        return parked.failure.reason
    if parked.state is DeliveryState.WAITING and not parked.failure.tries:
        return "Waiting for an earlier event of its session, or for a retry"
    return "No reason given"


def _describe_next_try(parked: PendingDelivery) -> str:
    if parked.state is not DeliveryState.WAITING:
        return ""
    if parked.failure.retry_at is None:
        return "as soon as possible"
    return _moment(parked.failure.retry_at)


def _describe_event(event: RecordedEvent | None) -> dict[str, Any]:
    if event is None:
        unknown = dict.fromkeys(("time", "action", "value", "user", "captured"), "")
        return {**unknown, "subject": "This event can no longer be read from the store"}
    return {
        "time": f"{event.timestamp:%d %b %H:%M}",
        "action": event.action,
        "subject": event.subject,
        "value": "" if event.value is None else json.dumps(event.value),
        "user": event.user or "anonymous",
        "captured": _moment(event.timestamp),
        "attributes": build_entries(event.attributes or {}),
        "context": build_entries(event.context),
    }


def describe_rest(page: UndeliveredPage) -> str:
    """The text on how many events are not shown; empty if all are."""
    shown = len(page.items)
    if shown == page.total:
        return ""
    if page.looked_at < page.total:
        return (
            f"Showing {shown:,} of {page.total:,}: the newest of the {page.looked_at:,} that "
            "have waited longest. Select a state or a backend to see others."
        )
    return f"Showing the newest {shown:,}; {page.total - shown:,} more are hidden."


def describe_retry(count: int, backend: str, *, is_one: bool) -> str:
    """The message after a retry: the number of dead letters."""
    if not count:
        what = (
            "If the event is waiting, it is retried now."
            if is_one
            else "Waiting events are retried now."
        )
        return f"No dead letters for {backend}. {what}"
    verb = "is" if count == 1 else "are"
    return f"{_count(count, 'event')} for {backend} {verb} tried again."


def describe_age(age: timedelta) -> str:
    """A duration in its two largest units."""
    seconds = max(0, int(age.total_seconds()))
    for size, unit, smaller_size, smaller_unit in _UNITS:
        if seconds >= size:
            rest = seconds % size // smaller_size
            return f"{seconds // size} {unit}" + (f" {rest} {smaller_unit}" if rest else "")
    return f"{seconds} s"


_UNITS = ((86_400, "d", 3_600, "h"), (3_600, "h", 60, "min"), (60, "min", 1, "s"))


def _count(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"
