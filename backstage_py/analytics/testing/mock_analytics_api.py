"""The `MockAnalyticsApi` of `@backstage/test-utils`: a backend that remembers."""

import threading
from collections.abc import Mapping
from typing import Any

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.event import AnalyticsEvent, RecordedEvent


class MockAnalyticsApi(AnalyticsApi):
    """Remembers what it is given, from any thread."""

    def __init__(self) -> None:
        self._events: list[RecordedEvent] = []
        self._changed = threading.Condition()

    def capture_event(self, event: RecordedEvent) -> None:
        """Remember the event."""
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    def get_events(self) -> list[RecordedEvent]:
        """All events so far, oldest first."""
        with self._changed:
            return list(self._events)

    def clear(self) -> None:
        """Forget them."""
        with self._changed:
            self._events.clear()

    def wait_for(
        self,
        *,
        action: str | None = None,
        subject: str | None = None,
        timeout_seconds: float = 5.0,
    ) -> RecordedEvent:
        """The first event with this action and subject, as soon as there is one.

        Raises:
            AssertionError: If none came in time; it lists those that did.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: find_event(self._events, action, subject), timeout=timeout_seconds
            )
            found = find_event(self._events, action, subject)
            captured = list(self._events)
        if found is None:
            problem = f"{describe_search(action, subject)} in {timeout_seconds:g} seconds"
            raise AssertionError(describe(problem, captured))
        return found


def partial_match(event: AnalyticsEvent, expected: Mapping[str, Any]) -> bool:
    """Whether an event has the expected fields, by their wire names, and perhaps more.

    Like `expect.objectContaining`, also inside `attributes` and `context`; None matches
    for an absent field: `partial_match(event, {"context": {"pluginId": "catalog"}})`.
    """
    return _contains(event.to_wire(), expected)


def find_event(
    events: list[RecordedEvent], action: str | None, subject: str | None
) -> RecordedEvent | None:
    """The first event with this action and subject; None matches any."""
    for event in events:
        if action in {None, event.action} and subject in {None, event.subject}:
            return event
    return None


def describe_search(action: str | None, subject: str | None) -> str:
    """The description of an event that did not arrive."""
    wanted = {"action": action, "subject": subject}
    given = [f"{key} {value!r}" for key, value in wanted.items() if value is not None]
    return " ".join(["No event", *(["with", " and ".join(given)] if given else [])])


def describe(problem: str, captured: list[RecordedEvent]) -> str:
    """The problem, and the events that came instead, one per line."""
    lines = [f"  {event.action} {event.subject!r} {dict(event.context)}" for event in captured]
    return "\n".join([f"{problem}; captured:", *(lines or ["  nothing"])])


def _contains(actual: Any, expected: Any) -> bool:
    if isinstance(expected, Mapping):
        return isinstance(actual, Mapping) and all(
            _contains(actual.get(key), value) for key, value in expected.items()
        )
    return isinstance(actual, bool) == isinstance(expected, bool) and actual == expected
