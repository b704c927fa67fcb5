from typing import Any

import pytest
from amplitude.event import BaseEvent

from backstage_py.analytics import (
    AnalyticsApi,
    ConfigurationError,
    RejectedError,
    RetryLaterError,
)
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
    outcomes,
)
from tests.unit.analytics_modules.section import backend, tool

KEY = "api-key-0f-amplitude"


def amplitude(address: str, **section: Any) -> AnalyticsApi:
    return backend("amplitude", {"apiKey": KEY, "host": address, **section})


class TestConformance(BackendConformance):
    secrets = (KEY,)

    def make_backend(self, address: str) -> AnalyticsApi:
        return amplitude(address, identity="optional", userIdTransform="none")


def test_amplitudes_own_client_writes_the_same_event(server: RecordingServer) -> None:
    amplitude(server.url, identity="optional").capture_event(an_event())

    (ours,) = server.requests[0].json()["events"]
    theirs = BaseEvent(**{key: value for key, value in ours.items() if key != "library"})
    assert theirs.get_event_body() == {key: ours[key] for key in ours if key != "library"}


def test_a_visit_is_the_session_that_its_id_tells_the_start_of(server: RecordingServer) -> None:
    amplitude(server.url).capture_events(
        [an_event(), an_event(session_id="visit-1"), lonely := an_event(session_id=None)]
    )

    events = server.requests[0].json()["events"]
    assert [one["session_id"] for one in events] == [1763920215119, -1, -1]
    assert [one["device_id"] for one in events[1:]] == ["visit-1", lonely.id]


def test_a_400_names_what_is_wrong_and_the_rest_is_sent_again_at_once(
    server: RecordingServer,
) -> None:
    server.answer(
        400,
        {
            "code": 400,
            "events_with_invalid_fields": {"time": [1]},
            "events_with_missing_fields": {"event_type": [3]},
            "silenced_events": [4],
        },
    )
    events = [an_event(subject=f"subject-{number}") for number in range(5)]

    found = outcomes(amplitude(server.url), events)

    assert [type(one) for one in found] == [
        type(None),
        RejectedError,
        type(None),
        RejectedError,
        RejectedError,
    ]
    again = [one["event_properties"]["subject"] for one in server.requests[1].json()["events"]]
    assert again == ["subject-0", "subject-2"]


def test_a_visitor_who_sends_too_much_has_to_wait(server: RecordingServer) -> None:
    server.answer(429, {"code": 429, "throttled_events": [0]}, Retry_After="30")

    (outcome,) = outcomes(amplitude(server.url), [an_event()])

    assert isinstance(outcome, RetryLaterError)
    assert outcome.after_seconds == 30


def test_page_views_are_what_amplitudes_charts_read(server: RecordingServer) -> None:
    amplitude(server.url).capture_event(key_events()[0])

    (view,) = server.requests[0].json()["events"]
    assert view["event_type"] == "[Amplitude] Page Viewed"
    path = view["event_properties"]["[Amplitude] Page Path"]
    assert path == "/catalog/default/component/petstore"


def test_texts_and_batches_are_within_the_limits(server: RecordingServer) -> None:
    amplitude(server.url).capture_events([an_event(subject="ü" * 4_000) for _ in range(1_001)])

    assert [len(request.json()["events"]) for request in server.requests] == [1_000, 1]
    (event,) = server.requests[1].json()["events"]
    assert len(event["event_properties"]["subject"].encode()) == 1_024


def test_a_wrong_section_is_one_clear_error() -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("amplitude", {"apiKey": KEY, "secret": "x"})

    assert str(error.value) == (
        "app.analytics.amplitude.secret (app-config.yaml): is not a known key. "
        "Did you mean secretKey?"
    )
