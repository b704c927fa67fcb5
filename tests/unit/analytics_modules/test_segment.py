from typing import Any

import pytest
from segment.analytics.client import Client

from backstage_py.analytics import AnalyticsApi, ConfigurationError, RejectedError
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
    outcomes,
)
from tests.unit.analytics_modules.section import backend, tool

KEY = "wr1te-key-of-segment"


class TestConformance(BackendConformance):
    secrets = (KEY,)

    def make_backend(self, address: str) -> AnalyticsApi:
        user = {"identity": "optional", "userIdTransform": "none"}
        return backend("segment", {"writeKey": KEY, "host": address, **user})


def test_segments_own_client_makes_requests_of_the_same_form(server: RecordingServer) -> None:
    official = Client(KEY, host=server.url, sync_mode=True)
    official.track("ada", "click", {"to": "/"}, anonymous_id="a", message_id="m")
    official.page("ada", None, "/docs", {"path": "/docs"}, anonymous_id="a", message_id="n")
    section = {"writeKey": KEY, "host": server.url, "identity": "optional"}
    backend("segment", section).capture_events(key_events()[:2])

    track, page, ours = server.requests
    for theirs in (track, page):
        assert (ours.method, ours.path) == (theirs.method, theirs.path)
        for header in ("authorization", "content-type"):
            assert ours.headers[header] == theirs.headers[header]
        assert set(ours.json()) <= set(theirs.json())
    our_page, our_track = ours.json()["batch"]
    assert set(our_track) <= set(track.json()["batch"][0])
    assert set(our_page) <= set(page.json()["batch"][0])
    assert our_track["type"] == track.json()["batch"][0]["type"]
    assert our_page["type"] == page.json()["batch"][0]["type"]


def test_an_anonymous_user_is_the_session(server: RecordingServer) -> None:
    section = {"writeKey": KEY, "host": server.url, "identity": "optional"}

    backend("segment", section).capture_events(
        [
            an_event(user=None, session_id="visit-1"),
            lonely := an_event(user=None, session_id=None),
        ]
    )

    first, second = server.requests[0].json()["batch"]
    assert (first["anonymousId"], second["anonymousId"]) == ("visit-1", lonely.id)
    assert "userId" not in first


def test_the_keys_of_backstages_module(server: RecordingServer) -> None:
    versions = {"appVersion": "1.2.3", "backstageVersion": "1.40.0"}
    section = {"writeKey": KEY, "host": server.url, "identity": "optional", "maskIP": True}
    api = backend("segment", {**section, **versions})

    api.capture_events([*key_events()[:2], an_event(action="identify")])

    page, track, identify = server.requests[0].json()["batch"]
    assert [one["context"] for one in (page, track, identify)] == [{"ip": "0.0.0.0"}] * 3
    assert page["properties"].items() >= versions.items()
    assert track["properties"]["context"].items() >= versions.items()
    assert (identify["type"], identify["traits"]) == ("identify", versions)
    assert identify["userId"] == track["userId"]


def test_a_test_needs_no_key(server: RecordingServer) -> None:
    backend("segment", {"testMode": True, "host": server.url}).capture_event(an_event())

    assert server.requests == []


def test_a_batch_has_500_kilobytes_and_an_event_32(server: RecordingServer) -> None:
    api = backend("segment", {"writeKey": KEY, "host": server.url})
    large = {f"key{number}": "x" * 4_000 for number in range(7)}

    found = outcomes(api, [an_event(attributes=large) for _ in range(30)])
    (too_large,) = outcomes(api, [an_event(subject="ü" * 4_000, attributes=large)])

    assert found == [None] * 30
    assert isinstance(too_large, RejectedError)
    assert len(server.requests) == 2
    assert max(len(request.body) for request in server.requests) <= 500_000


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.segment.writeKey (app-config.yaml): is missing. "
                "Give the source's write key, out of the environment"
            ),
        ),
        (
            {"writeKey": KEY, "hosts": "x"},
            "app.analytics.segment.hosts (app-config.yaml): is not a known key. Did you mean host?",
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("segment", section)

    assert str(error.value) == message
