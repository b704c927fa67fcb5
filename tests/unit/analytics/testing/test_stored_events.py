from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from backstage_py.analytics.event import RecordedEvent, new_event_id
from backstage_py.analytics.testing import StoredEvents, bare

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def event(subject: str, session_id: str | None = None) -> RecordedEvent:
    return RecordedEvent(
        action="click",
        subject=subject,
        attributes={"to": "/x"},
        id=new_event_id(),
        timestamp=NOON,
        received_at=NOON,
        session_id=session_id,
        user="user:default/ann",
    )


class Portal:
    """Answers as `/api/events` does, two events a page at most."""

    def __init__(self, *events: RecordedEvent) -> None:
        self.events = list(events)
        self.limits: set[str] = set()

    def answer(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/events"
        self.limits.add(request.url.params["limit"])
        start = int(request.url.params.get("cursor", "0"))
        newest_first = [event.to_wire() for event in reversed(self.events)]
        more = start + 2 < len(newest_first)
        page: dict[str, Any] = {
            "items": newest_first[start : start + 2],
            "nextCursor": str(start + 2) if more else None,
        }
        return httpx.Response(200, json=page)

    def stored_events(
        self, session_id: str | None = None, arriving: Sequence[RecordedEvent] = ()
    ) -> StoredEvents:
        """One of the arriving events is stored in each pause between two questions."""
        later: Iterator[RecordedEvent] = iter(arriving)
        return StoredEvents(
            "http://portal.test/",
            session_id,
            client=httpx.Client(transport=httpx.MockTransport(self.answer)),
            sleep=lambda _seconds: self.events.append(next(later)),
        )


def subjects(events: Sequence[RecordedEvent]) -> list[str]:
    return [event.subject for event in events]


def test_all_pages_are_listed_oldest_first() -> None:
    portal = Portal(*(event(str(number)) for number in range(5)))

    with portal.stored_events() as events:
        listed = events.list()

    assert listed == portal.events
    assert portal.limits == {"500"}


def test_a_portal_without_events_lists_none() -> None:
    with Portal().stored_events() as events:
        assert events.list() == []


def test_only_the_events_of_the_session_are_listed() -> None:
    portal = Portal(event("mine", "s1"), event("theirs", "s2"), event("nobody's"))

    with portal.stored_events("s1") as events:
        assert subjects(events.list()) == ["mine"]


def test_an_event_is_waited_for_until_it_is_stored() -> None:
    arriving = [event("two"), event("three")]

    with Portal(event("one")).stored_events(arriving=arriving) as events:
        assert events.wait_for(action="click", subject="three") == arriving[1]


def test_a_number_of_events_is_waited_for() -> None:
    arriving = [event("two"), event("three")]

    with Portal(event("one")).stored_events(arriving=arriving) as events:
        assert subjects(events.wait_until(3)) == ["one", "two", "three"]


def test_waiting_in_vain_lists_what_is_stored() -> None:
    context = "{'routeRef': 'unknown', 'pluginId': 'root', 'extension': 'App'}"

    with Portal(event("one")).stored_events() as events:
        with pytest.raises(AssertionError) as missing:
            events.wait_for(subject="two", timeout_seconds=-1)
        with pytest.raises(AssertionError) as too_few:
            events.wait_until(2, timeout_seconds=-1)

    assert [str(missing.value), str(too_few.value)] == [
        f"No event with subject 'two' in -1 seconds; captured:\n  click 'one' {context}",
        f"1 of 2 events in -1 seconds; captured:\n  click 'one' {context}",
    ]


def test_a_portal_that_refuses_is_not_an_empty_list() -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(401))

    with (
        StoredEvents("http://portal.test", client=httpx.Client(transport=transport)) as events,
        pytest.raises(httpx.HTTPStatusError, match="401"),
    ):
        events.list()


def test_a_bare_event_is_what_was_captured() -> None:
    assert bare(event("one", "s1")) == {
        "action": "click",
        "subject": "one",
        "attributes": {"to": "/x"},
        "context": {"routeRef": "unknown", "pluginId": "root", "extension": "App"},
    }


def test_what_was_captured_before_is_not_seen() -> None:
    client = httpx.Client(transport=httpx.MockTransport(Portal(event("old")).answer))

    then = StoredEvents("http://portal.test", since=NOON, client=client)
    later = StoredEvents("http://portal.test", since=NOON + timedelta(seconds=1), client=client)

    assert subjects(then.list()) == ["old"]
    assert later.list() == []
