from typing import Any

import pytest

from backstage_py.analytics import AnalyticsApi, ConfigurationError, use_people
from backstage_py.analytics.backends.people import get_people
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
)
from tests.unit.analytics_modules.section import backend, tool

SHA_256_OF_ADA = "31f906fbfce2eb705973f4adc65cb248f2fe23ea01cdde014910f44d2e90b012"


def sent(server: RecordingServer, section: dict[str, Any], *events: Any) -> Any:
    """The body of the one request that these events make."""
    backend("generic", {"host": f"{server.url}/in?from=portal", **section}).capture_events(events)
    (request,) = server.requests
    return request.json()


class TestConformance(BackendConformance):
    secrets = ("dXNlcjpwYXNz",)
    extreme_events_may_be_rejected = False

    def make_backend(self, address: str) -> AnalyticsApi:
        return backend("generic", {"host": address, "basicAuthToken": "dXNlcjpwYXNz"})


def test_the_request_to_the_byte(server: RecordingServer) -> None:
    sent(server, {"bearerAuthToken": "abc"}, an_event())

    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/in", {"from": "portal"})
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"] == "Bearer abc"
    assert request.body == (
        b'[{"event":{"action":"click","subject":"Docs","attributes":{"to":"/docs"},"context":'
        b'{"pluginId":"catalog","extension":"CatalogIndexPage","routeRef":"catalog"}},'
        b'"timestamp":"2026-11-23T09:30:00.000Z","userId":"user:default/ada"}]'
    )


def test_every_key_event_is_sent_as_it_was_captured(server: RecordingServer) -> None:
    events = key_events()

    body = sent(server, {}, *events)

    for entry, event in zip(body, events, strict=True):
        wire = event.to_wire()
        expected = {key: wire[key] for key in entry["event"]}
        assert entry["event"] == expected
        assert {"action", "subject", "context"} <= set(entry["event"])
        assert ("value" in entry["event"]) is (event.value is not None)


def test_basic_authorization(server: RecordingServer) -> None:
    sent(server, {"basicAuthToken": "dXNlcjpwYXNz"}, an_event())

    assert server.requests[0].headers["authorization"] == "Basic dXNlcjpwYXNz"


@pytest.mark.parametrize(
    ("section", "user"),
    [
        ({}, "user:default/ada"),
        ({"identity": "disabled"}, None),
        ({"userIdTransform": "sha-256"}, SHA_256_OF_ADA),
    ],
)
def test_the_user(server: RecordingServer, section: dict[str, Any], user: str | None) -> None:
    (entry,) = sent(server, section, an_event())

    assert entry["userId"] == user


def test_the_teams_of_the_user(server: RecordingServer) -> None:
    class Everybody:
        def email_of(self, user: str) -> str | None:
            return None

        def groups_of(self, user: str) -> list[dict[str, Any]]:
            return [{"kind": "Group", "metadata": {"name": "crew"}, "of": user}]

    before = get_people()
    use_people(Everybody())
    try:
        known, unknown = sent(
            server, {"includeTeamMetadata": True}, an_event(), an_event(user=None)
        )
    finally:
        use_people(before)

    group = {"kind": "Group", "metadata": {"name": "crew"}, "of": "user:default/ada"}
    assert known["teamMetadata"] == [group]
    assert unknown["userId"] is None
    assert "teamMetadata" not in unknown


@pytest.mark.parametrize(("given", "seconds"), [({}, 1800), ({"interval": 0}, 0)])
def test_the_interval_is_in_minutes(given: dict[str, Any], seconds: float) -> None:
    assert tool("generic", {"host": "http://x", **given}).policy.interval == seconds


def test_test_mode_sends_nothing_and_debug_shows_it(
    server: RecordingServer, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    section = {"host": server.url, "testMode": True, "debug": True, "bearerAuthToken": "abc-123"}

    backend("generic", section).capture_events([an_event(subject="Docs abc-123")])

    assert server.requests == []
    shown = capsys.readouterr().out + caplog.text
    assert f"POST {server.url}" in shown
    assert '"action":"click"' in shown
    assert "abc-123" not in shown


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.generic.host (app-config.yaml): is missing. "
                "Give the whole address that is posted to, as https://host/path"
            ),
        ),
        (
            {"host": "http://x", "intervall": 5},
            (
                "app.analytics.generic.intervall (app-config.yaml): is not a known key. "
                "Did you mean interval?"
            ),
        ),
        (
            {"host": "http://x", "interval": "soon"},
            (
                'app.analytics.generic.interval (app-config.yaml): is "soon". '
                "Use minutes between two requests, 0 for at once"
            ),
        ),
        (
            {"host": "http://x", "bearerAuthToken": 5},
            (
                "app.analytics.generic.bearerAuthToken (app-config.yaml): is a number that is not "
                "shown here. Use a Bearer token"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("generic", section)

    assert str(error.value) == message
