"""The events that a running portal has stored, for tests in a browser."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeAlias

import httpx

from backstage_py.analytics.event import AnalyticsEvent, RecordedEvent
from backstage_py.analytics.testing.mock_analytics_api import (
    describe,
    describe_search,
    find_event,
)

PAGE_EVENTS = 500
POLL_SECONDS = 0.1
TIMEOUT_SECONDS = 10.0

_Events: TypeAlias = list[RecordedEvent]


class StoredEvents:
    """Asks `GET /api/events` of a portal that lets the client read analytics.

    With a `session_id` only the events of that session are seen, with `since` only those captured
    then or later. `client` brings cookies, `sleep` waits between two questions, as
    `page.wait_for_timeout` may.
    """

    def __init__(
        self,
        base_url: str,
        session_id: str | None = None,
        *,
        since: datetime | None = None,
        client: httpx.Client | None = None,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/api/events"
        self._session_id = session_id
        self._since = since
        self._client = client or httpx.Client(trust_env=False)
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def list(self) -> _Events:
        """All events so far, oldest first.

        Raises:
            httpx.HTTPStatusError: If the portal does not let the client read them.
        """
        newest_first = [RecordedEvent.from_wire(item) for item in self._items()]
        return [event for event in reversed(newest_first) if self._is_wanted(event)]

    def wait_for(
        self,
        *,
        action: str | None = None,
        subject: str | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> RecordedEvent:
        """The first event with this action and subject, as soon as it is stored.

        Raises:
            AssertionError: If none arrives in time; it lists those that did.
        """
        events = self._poll(lambda got: find_event(got, action, subject), timeout_seconds)
        found = find_event(events, action, subject)
        if found is None:
            problem = f"{describe_search(action, subject)} in {timeout_seconds:g} seconds"
            raise AssertionError(describe(problem, events))
        return found

    def wait_until(self, count: int, timeout_seconds: float = TIMEOUT_SECONDS) -> _Events:
        """All events, oldest first, as soon as there are that many or more.

        Raises:
            AssertionError: If fewer arrive in time; it lists them.
        """
        events = self._poll(lambda got: len(got) >= count, timeout_seconds)
        if len(events) < count:
            problem = f"{len(events)} of {count} events in {timeout_seconds:g} seconds"
            raise AssertionError(describe(problem, events))
        return events

    def _poll(self, is_done: Callable[[_Events], object], timeout_seconds: float) -> _Events:
        deadline = time.monotonic() + timeout_seconds
        while not is_done(events := self.list()) and time.monotonic() < deadline:
            self._sleep(POLL_SECONDS)
        return events

    def _items(self) -> Iterator[dict[str, Any]]:
        cursor: str | None = ""
        while cursor is not None:
            question = {"limit": str(PAGE_EVENTS), **({"cursor": cursor} if cursor else {})}
            page = self._client.get(self._url, params=question).raise_for_status().json()
            yield from page["items"]
            cursor = page["nextCursor"]

    def _is_wanted(self, event: RecordedEvent) -> bool:
        is_of_session = self._session_id in {None, event.session_id}
        return is_of_session and (self._since is None or event.timestamp >= self._since)


def bare(event: AnalyticsEvent) -> dict[str, Any]:
    """The captured event without the fields that the record adds, to compare it as a whole."""
    return AnalyticsEvent.to_wire(event)
