from typing import Any

import pytest
from mixpanel import Consumer, Mixpanel

from backstage_py.analytics import AnalyticsApi, ConfigurationError, RejectedError
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
    outcomes,
)
from tests.unit.analytics_modules.section import backend, tool

TOKEN = "t0ken-of-mixpanel"


def mixpanel(address: str, **section: Any) -> AnalyticsApi:
    return backend("mixpanel", {"token": TOKEN, "host": address, **section})


class TestConformance(BackendConformance):
    secrets = (TOKEN,)

    def make_backend(self, address: str) -> AnalyticsApi:
        return mixpanel(address, identity="optional", userIdTransform="none")


def test_mixpanels_own_client_knows_the_properties(server: RecordingServer) -> None:
    """It imports by the older form of the same API: one event, as a field of a form."""
    server.answer(200, {"status": 1})
    consumer = Consumer(import_url=f"{server.url}/import", retry_limit=0)
    Mixpanel(TOKEN, consumer=consumer).import_data("key", "ada", "click", 1, {"to": "/"})
    mixpanel(server.url, identity="optional").capture_event(an_event())

    theirs, ours = server.requests
    assert (ours.method, ours.path) == (theirs.method, theirs.path)
    assert b"%24insert_id" in theirs.body
    properties = ours.json()[0]["properties"]
    assert {"time", "distinct_id", "$insert_id"} <= set(properties)


def test_an_anonymous_user_is_a_device(server: RecordingServer) -> None:
    known, unknown = an_event(), an_event(user=None, session_id="visit-1")

    mixpanel(server.url, identity="optional").capture_events([known, unknown])

    first, second = (one["properties"] for one in server.requests[0].json())
    assert first["distinct_id"] == first["$user_id"]
    assert second["distinct_id"] == "$device:visit-1"
    assert second["$device_id"] == "visit-1"
    assert "$user_id" not in second


def test_a_400_names_the_events_that_are_wrong_and_the_others_are_taken(
    server: RecordingServer,
) -> None:
    record = {"index": 1, "insert_id": "x", "field": "properties.time", "message": "is invalid"}
    server.answer(400, {"code": 400, "num_records_imported": 2, "failed_records": [record]})

    first, second, third = outcomes(mixpanel(server.url), [an_event() for _ in range(3)])

    assert (first, third) == (None, None)
    assert isinstance(second, RejectedError)
    assert second.reason == "Mixpanel: properties.time: is invalid"
    assert len(server.requests) == 1


def test_texts_names_and_batches_are_within_the_limits(server: RecordingServer) -> None:
    many = {"n" * 120 + str(number): "x" * 300 for number in range(64)}

    mixpanel(server.url).capture_events(
        [*(an_event() for _ in range(2_000)), an_event(attributes=many)]
    )

    assert [len(request.json()) for request in server.requests] == [2_000, 1]
    properties = server.requests[1].json()[0]["properties"]
    assert len(properties) < 255
    assert max(len(str(value)) for value in properties.values()) == 255


def test_page_views_have_mixpanels_own_name(server: RecordingServer) -> None:
    mixpanel(server.url).capture_event(key_events()[0])

    (view,) = server.requests[0].json()
    assert view["event"] == "$mp_web_page_view"
    assert view["properties"]["current_url_path"] == "/catalog/default/component/petstore"


def test_a_wrong_section_is_one_clear_error() -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("mixpanel", {"tokens": TOKEN})

    assert str(error.value) == (
        "app.analytics.mixpanel.token (app-config.yaml): is missing. "
        "Give the project's token, out of the environment"
    )
