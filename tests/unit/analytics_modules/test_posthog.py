from typing import Any

import pytest
from posthog import Posthog

from backstage_py.analytics import AnalyticsApi, ConfigurationError
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
)
from tests.unit.analytics_modules.section import backend, tool

KEY = "phc_key-of-posthog"


class TestConformance(BackendConformance):
    secrets = (KEY,)

    def make_backend(self, address: str) -> AnalyticsApi:
        user = {"identity": "optional", "userIdTransform": "none"}
        return backend("posthog", {"apiKey": KEY, "host": address, **user})


def test_posthogs_own_client_makes_requests_of_the_same_form(server: RecordingServer) -> None:
    official = Posthog(KEY, host=server.url, sync_mode=True)
    official.capture("click", distinct_id="ada", properties={"$geoip_disable": True})
    official.shutdown()
    section = {"apiKey": KEY, "host": server.url, "identity": "optional"}
    backend("posthog", section).capture_event(key_events()[1])

    theirs, ours = server.requests
    assert (ours.method, ours.path) == (theirs.method, theirs.path)
    assert ours.headers["content-type"] == theirs.headers["content-type"]
    assert set(ours.json()) <= set(theirs.json())
    (their_event,), (our_event,) = theirs.json()["batch"], ours.json()["batch"]
    assert set(our_event) <= set(their_event)
    for key in ("$lib", "$geoip_disable"):
        assert key in their_event["properties"]
        assert key in our_event["properties"]


def test_an_anonymous_user_is_the_session_and_not_a_person(server: RecordingServer) -> None:
    section = {"apiKey": KEY, "host": server.url, "identity": "optional"}

    backend("posthog", section).capture_events(
        [
            an_event(user=None, session_id="visit-1"),
            lonely := an_event(user=None, session_id=None),
            an_event(),
        ]
    )

    first, second, known = server.requests[0].json()["batch"]
    assert (first["distinct_id"], second["distinct_id"]) == ("visit-1", lonely.id)
    assert first["properties"]["$process_person_profile"] is False
    assert "$process_person_profile" not in known["properties"]
    assert "$session_id" not in first["properties"]
    assert known["properties"]["$session_id"] == "019ab1d6-7c4f-7000-8000-000000000001"


def test_a_batch_is_far_below_what_posthog_takes(server: RecordingServer) -> None:
    api = backend("posthog", {"apiKey": KEY, "host": server.url})
    large = {f"key{number}": "x" * 4_000 for number in range(7)}

    api.capture_events([an_event(attributes=large) for _ in range(400)])

    assert len(server.requests) == 3
    assert max(len(request.body) for request in server.requests) <= 5_100_000


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {"apiKey": ""},
            (
                "app.analytics.posthog.apiKey (app-config.yaml): is a string that is not shown "
                "here. Use the project's API key, out of the environment"
            ),
        ),
        (
            {"api": "x"},
            (
                "app.analytics.posthog.apiKey (app-config.yaml): is missing. "
                "Give the project's API key, out of the environment"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("posthog", section)

    assert str(error.value) == message
