import threading
from datetime import UTC, datetime

import pytest

from backstage_py.analytics.event import RecordedEvent, Scalar, new_event_id
from backstage_py.analytics.testing import MockAnalyticsApi, partial_match

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def event(
    subject: str,
    *,
    action: str = "click",
    value: float | None = None,
    attributes: dict[str, Scalar] | None = None,
) -> RecordedEvent:
    return RecordedEvent(
        action=action,
        subject=subject,
        value=value,
        attributes=attributes,
        id=new_event_id(),
        timestamp=NOON,
        received_at=NOON,
    )


def test_it_gives_the_events_in_their_order_until_it_is_cleared() -> None:
    mock = MockAnalyticsApi()
    mock.capture_events([event("one"), event("two")])
    before = mock.get_events()

    mock.clear()

    assert [event.subject for event in before] == ["one", "two"]
    assert mock.get_events() == []


def test_an_event_that_is_there_is_not_waited_for() -> None:
    mock, wanted = MockAnalyticsApi(), event("two")
    mock.capture_events([event("one"), wanted, event("two")])

    assert mock.wait_for(action="click", subject="two", timeout_seconds=0) is wanted


def test_an_event_of_another_thread_ends_the_wait() -> None:
    mock, wanted = MockAnalyticsApi(), event("late", action="deploy")
    thread = threading.Thread(target=mock.capture_events, args=([event("early"), wanted],))

    thread.start()
    found = mock.wait_for(action="deploy")
    thread.join()

    assert found is wanted


def test_waiting_in_vain_lists_what_was_captured() -> None:
    mock = MockAnalyticsApi()
    mock.capture_event(event("one"))

    with pytest.raises(AssertionError) as caught:
        mock.wait_for(action="click", subject="two", timeout_seconds=0)

    assert str(caught.value) == (
        "No event with action 'click' and subject 'two' in 0 seconds; captured:\n"
        "  click 'one' {'routeRef': 'unknown', 'pluginId': 'root', 'extension': 'App'}"
    )


def test_waiting_in_vain_for_anything_says_so() -> None:
    with pytest.raises(AssertionError, match=r"^No event in 0 seconds; captured:\n  nothing$"):
        MockAnalyticsApi().wait_for(timeout_seconds=0)


@pytest.mark.parametrize(
    ("expected", "matches"),
    [
        ({}, True),
        ({"action": "click", "subject": "one"}, True),
        ({"action": "navigate"}, False),
        ({"context": {"pluginId": "root"}}, True),
        ({"context": {"pluginId": "catalog"}}, False),
        ({"attributes": {"env": "prod"}}, True),
        ({"attributes": {"region": "eu"}}, False),
        ({"attributes": {"count": True}}, False),
        ({"value": None}, True),
        ({"value": 0}, False),
        ({"subject": {"env": "prod"}}, False),
    ],
)
def test_a_partial_match_only_checks_expected_fields(
    expected: dict[str, object], matches: object
) -> None:
    captured = event("one", attributes={"env": "prod", "count": 1})

    assert partial_match(captured, expected) is matches
