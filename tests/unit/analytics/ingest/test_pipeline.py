import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.analytics.api import AnalyticsApi
from backstage_py.analytics.event import AnalyticsEvent, RecordedEvent, new_event_id
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.pipeline import Sender
from backstage_py.analytics.testing import MockAnalyticsApi

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
GUEST = Sender("visit", "user:default/guest", "browser")


class Shelf:
    """A store in memory."""

    def __init__(self) -> None:
        self.events: dict[str, RecordedEvent] = {}

    def append(self, events: Sequence[RecordedEvent]) -> list[bool]:
        return [self.events.setdefault(event.id, event) is event for event in events]


def wire(**fields: Any) -> dict[str, Any]:
    return {"id": new_event_id(), "action": "click", "subject": "Docs", **fields}


def test_what_is_accepted_is_stored_with_the_servers_word_on_whose_it_is() -> None:
    shelf = Shelf()
    claim = {"user": "user:default/admin", "sessionId": "other", "origin": "server"}

    Ingest(shelf, clock=lambda: NOW).ingest([wire(**claim)], GUEST)

    [event] = shelf.events.values()
    assert (event.user, event.session_id, event.origin) == (
        "user:default/guest",
        "visit",
        "browser",
    )
    assert event.received_at == event.timestamp == NOW


def test_the_time_of_capture_is_kept_however_wrong_the_clock() -> None:
    shelf = Shelf()

    Ingest(shelf).ingest(
        [wire(timestamp="1970-01-01T00:00:00Z"), wire(timestamp="2031-06-01T00:00:00Z")], GUEST
    )

    assert [event.timestamp.year for event in shelf.events.values()] == [1970, 2031]


def test_an_event_that_is_there_already_is_a_duplicate() -> None:
    shelf, event = Shelf(), wire()
    ingest = Ingest(shelf)

    reports = [ingest.ingest([event], GUEST), ingest.ingest([event, wire()], GUEST)]

    assert [(one.accepted, one.duplicates) for one in reports] == [(1, 0), (1, 1)]


BAD = st.sampled_from([
    None, 7, "text", [], {}, {"id": "x"}, {"action": "a", "subject": "s"},
    {"id": "00000000-0000-7000-8000-000000000000", "action": "", "subject": "s"},
    {"id": "00000000-0000-7000-8000-000000000000", "action": "a", "subject": "\0"},
])  # fmt: skip


@given(st.lists(st.booleans() | BAD, max_size=20))
def test_a_bad_event_never_costs_its_neighbours(pattern: list[Any]) -> None:
    shelf = Shelf()
    batch = [wire() if isinstance(item, bool) else item for item in pattern]

    report = Ingest(shelf).ingest(batch, GUEST)

    good = [item["id"] for item, made in zip(batch, pattern, strict=True) if isinstance(made, bool)]
    assert list(shelf.events) == good
    assert report.accepted == len(good)
    assert [one.index for one in report.rejected] == [
        index for index, made in enumerate(pattern) if not isinstance(made, bool)
    ]


def test_backends_get_what_is_new_in_its_order() -> None:
    mock = MockAnalyticsApi()
    ingest = Ingest(Shelf(), [mock])
    events = [wire(subject=str(number)) for number in range(20)]

    ingest.ingest(events, GUEST)
    ingest.ingest(events, GUEST)
    ingest.close()

    assert [event.subject for event in mock.get_events()] == [str(number) for number in range(20)]


def test_a_slow_backend_does_not_delay_the_answer() -> None:
    release = threading.Event()

    class Slow(AnalyticsApi):
        def capture_event(self, event: RecordedEvent) -> None:
            release.wait(timeout=10)

    ingest = Ingest(Shelf(), [Slow()])

    report = ingest.ingest([wire()], GUEST)

    assert report.accepted == 1
    release.set()
    ingest.close()


def test_backends_are_exchanged_in_one_line() -> None:
    configured, exchanged = MockAnalyticsApi(), MockAnalyticsApi()
    ingest = Ingest(Shelf(), [configured])

    with ingest.using(exchanged):
        ingest.ingest([wire(subject="inside")], GUEST)
    ingest.ingest([wire(subject="after")], GUEST)
    ingest.close()

    assert [event.subject for event in exchanged.get_events()] == ["inside"]
    assert [event.subject for event in configured.get_events()] == ["after"]


def test_an_event_of_the_server_is_recorded_as_such() -> None:
    shelf = Shelf()
    event = AnalyticsEvent(action="deploy", subject="ledger", value=3, context={"pluginId": "ci"})

    Ingest(shelf).record(event, Sender("visit", "user:default/ann", "server"))

    [stored] = shelf.events.values()
    assert (stored.origin, stored.user, stored.value) == ("server", "user:default/ann", 3)


def test_a_store_that_fails_is_not_hidden() -> None:
    class Full:
        def append(self, events: Sequence[RecordedEvent]) -> list[bool]:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Ingest(Full()).ingest([wire()], GUEST)
