import base64
import json
from typing import Any

import pytest
from snowplow_tracker.emitters import Emitter
from snowplow_tracker.events.page_view import PageView
from snowplow_tracker.events.self_describing import SelfDescribing
from snowplow_tracker.events.structured_event import StructuredEvent
from snowplow_tracker.self_describing_json import SelfDescribingJson
from snowplow_tracker.subject import Subject
from snowplow_tracker.tracker import Tracker

from backstage_py.analytics import AnalyticsApi, AnalyticsEvent, ConfigurationError
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
)
from tests.unit.analytics_modules.section import backend, tool

SCHEMA = "iglu:com.example/event/jsonschema/1-0-0"


class TestConformance(BackendConformance):
    def make_backend(self, address: str) -> AnalyticsApi:
        user = {"identity": "optional", "userIdTransform": "none"}
        return backend("snowplow", {"collector": address, **user})


@pytest.fixture
def official(server: RecordingServer) -> Tracker:
    """Snowplow's own tracker, which sends each event at once."""
    host = server.url.removeprefix("http://")
    emitter = Emitter(host, protocol="http", method="post", batch_size=1)
    tracker = Tracker("ns", emitter, app_id="backstage_py", encode_base64=True)
    tracker.set_subject(Subject().set_platform("srv").set_user_id("ada"))
    return tracker


def test_snowplows_own_tracker_makes_requests_of_the_same_form(
    server: RecordingServer, official: Tracker
) -> None:
    official.track(PageView(page_url="https://portal.example.com/docs", page_title="/docs"))
    official.track(StructuredEvent(category="c", action="click", label="l", property_="p", value=1))
    section = {"collector": server.url, "identity": "optional", "namespace": "ns"}
    backend("snowplow", section).capture_events(
        [
            key_events()[0],
            an_event(value=1, session_id=None),
        ]
    )

    view, struct, ours = server.requests
    for theirs in (view, struct):
        assert (ours.method, ours.path) == (theirs.method, theirs.path)
        assert ours.headers["content-type"] == theirs.headers["content-type"]
        assert ours.json()["schema"] == theirs.json()["schema"]
    for our_event, theirs in zip(ours.json()["data"], (view, struct), strict=True):
        (their_event,) = theirs.json()["data"]
        assert our_event["e"] == their_event["e"]
        assert set(our_event) - {"sid"} <= set(their_event)
        assert all(isinstance(value, str) for value in our_event.values())


def test_self_describing_events_are_encoded_as_snowplows_own(
    server: RecordingServer, official: Tracker
) -> None:
    event = an_event()
    official.track(SelfDescribing(SelfDescribingJson(SCHEMA, AnalyticsEvent.to_wire(event))))
    section = {"collector": server.url, "eventType": "self-describing", "eventSchema": SCHEMA}
    backend("snowplow", section).capture_event(event)

    (theirs,), (ours,) = (request.json()["data"] for request in server.requests)
    assert ours["e"] == theirs["e"] == "ue"
    assert decoded(ours["ue_px"]) == decoded(theirs["ue_px"])


def test_the_context_is_an_entity_as_snowplows_own_tracker_sends_it(
    server: RecordingServer, official: Tracker
) -> None:
    event = an_event(context={"pluginId": "docs"}, attributes={"to": "/docs"})
    data = {"context": {"pluginId": "docs"}, "attributes": {"to": "/docs"}}
    entity = SelfDescribingJson(SCHEMA, data)
    official.track(StructuredEvent(category="c", action="click", context=[entity]))
    backend("snowplow", {"collector": server.url, "contextSchema": SCHEMA}).capture_event(event)

    (theirs,), (ours,) = (request.json()["data"] for request in server.requests)
    assert decoded(ours["cx"]) == decoded(theirs["cx"])


def decoded(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text))


def test_only_a_uuid_is_a_session(server: RecordingServer) -> None:
    api = backend("snowplow", {"collector": server.url})

    api.capture_events([an_event(), an_event(session_id="visit-1"), an_event(session_id=None)])

    known, other, none = server.requests[0].json()["data"]
    assert known["sid"] == "019ab1d6-7c4f-7000-8000-000000000001"
    assert "sid" not in other
    assert "sid" not in none


def test_a_request_has_a_megabyte(server: RecordingServer) -> None:
    api = backend("snowplow", {"collector": server.url})
    large = {f"key{number}": "x" * 4_000 for number in range(7)}

    api.capture_events([an_event(attributes=large) for _ in range(60)])

    assert len(server.requests) == 2
    assert max(len(request.body) for request in server.requests) <= 1_000_000


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.snowplow.collector (app-config.yaml): is missing. "
                "Give the address of the collector, as https://host"
            ),
        ),
        (
            {"collector": "https://c", "eventType": "self-describing"},
            (
                "app.analytics.snowplow (app-config.yaml): is wrong. "
                "Give eventSchema, which self-describing events follow"
            ),
        ),
        (
            {"collector": "https://c", "eventSchema": "com.example/event"},
            (
                'app.analytics.snowplow.eventSchema (app-config.yaml): is "com.example/event". '
                "Use an iglu address, as iglu:com.me/event/jsonschema/1-0-0"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("snowplow", section)

    assert str(error.value) == message
