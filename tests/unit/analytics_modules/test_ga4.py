import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backstage_py.analytics import (
    AnalyticsApi,
    BrowserAnalyticsApi,
    ConfigurationError,
    RecordedEvent,
    RejectedError,
)
from backstage_py.analytics.testing import (
    BackendConformance,
    RecordingServer,
    an_event,
    key_events,
    outcomes,
)
from backstage_py.analytics_modules.ga4 import event_name
from tests.conftest import PROJECT
from tests.unit.analytics_modules.section import at, backend, tool

CAPTURED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SHA_256_OF_ADA = "31f906fbfce2eb705973f4adc65cb248f2fe23ea01cdde014910f44d2e90b012"
SECTION = {"measurementId": "G-1", "apiSecret": "s3cr3t-of-ga4"}


def send(server: RecordingServer, section: dict[str, Any], *events: RecordedEvent) -> list[Any]:
    """The bodies of the requests that the events make, a second after they were captured."""
    api = backend("ga4", {**SECTION, "endpoint": server.url, **section})
    at(CAPTURED + timedelta(seconds=1), api).capture_events(events)
    return [request.json() for request in server.requests]


def parameters(server: RecordingServer, section: dict[str, Any], event: RecordedEvent) -> Any:
    ((sent,),) = (body["events"] for body in send(server, section, event))
    return sent["params"]


class TestConformance(BackendConformance):
    secrets = ("s3cr3t-of-ga4",)

    def make_backend(self, address: str) -> AnalyticsApi:
        user = {"identity": "optional", "userIdTransform": "none"}
        made = backend("ga4", {**SECTION, "endpoint": address, **user})
        return at(CAPTURED, made)


def test_the_request_to_the_byte(server: RecordingServer) -> None:
    send(server, {"allowedAttributes": ["to"]}, key_events()[1])

    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/mp/collect")
    assert request.query == {"measurement_id": "G-1", "api_secret": "s3cr3t-of-ga4"}
    assert request.headers["content-type"] == "application/json"
    assert request.body == (
        b'{"client_id":"1301254269.78223030","non_personalized_ads":true,"events":[{"name":'
        b'"click","timestamp_micros":1795426200000000,"params":{"session_id":"8852034711",'
        b'"engagement_time_msec":1,"category":"CatalogIndexPage","label":"Docs","page_location":'
        b'"https://portal.example.com/","page_title":"/","a_to":"/docs"}}]}'
    )


def test_every_key_event(server: RecordingServer) -> None:
    page = "/catalog/default/component/petstore?tab=docs#top"
    session = {
        "session_id": "8852034711",
        "engagement_time_msec": 1,
        "page_location": f"https://portal.example.com{page}",
        "page_title": "/catalog/default/component/petstore",
    }
    term = "pet store & friends"
    search = {"category": "SearchPage", "label": term, "value": 0, "search_term": term}
    create = {"category": "TemplateWizardPage", "label": "new service", "value": 90}
    view = {"category": "App", "label": page}

    (body,) = send(server, {}, *key_events())

    assert [(event["name"], event["params"]) for event in body["events"]] == [
        ("page_view", session | view),
        ("click", session | {"category": "CatalogIndexPage", "label": "Docs"}),
        ("create", session | create),
        ("search", session | search),
        ("discover", session | {"category": "SearchPage", "label": "Petstore", "value": 3}),
        ("not_found", session | {"category": "App", "label": "/no/such/page"}),
    ]


@pytest.mark.parametrize(
    ("identity", "user_id"),
    [({}, None), ({"identity": "disabled"}, None), ({"identity": "optional"}, SHA_256_OF_ADA)],
)
def test_the_user(server: RecordingServer, identity: dict[str, str], user_id: str | None) -> None:
    (body,) = send(server, identity, an_event())

    assert body.get("user_id") == user_id


@pytest.mark.parametrize(
    ("grouping", "group"),
    [("pluginId", "catalog"), ("extension", "CatalogIndexPage"), ("routeRef", "catalog")],
)
def test_content_grouping(server: RecordingServer, grouping: str, group: str) -> None:
    sent = parameters(server, {"contentGrouping": grouping}, an_event())

    assert sent["content_group"] == group


@pytest.mark.parametrize(
    ("allowed", "sent_names"),
    [
        ({}, []),
        ({"allowedContexts": ["pluginId", "absent"]}, ["c_pluginId"]),
        ({"allowedAttributes": ["to", "flag"]}, ["a_flag", "a_to"]),
        (
            {"allowedContexts": ["*"], "allowedAttributes": ["*"]},
            ["a_flag", "a_to", "c_extension", "c_pluginId", "c_routeRef"],
        ),
    ],
)
def test_only_what_is_allowed_goes_out(
    server: RecordingServer, allowed: dict[str, Any], sent_names: list[str]
) -> None:
    event = an_event(attributes={"to": "/docs", "flag": False, "empty": ""})

    sent = parameters(server, allowed, event)

    assert sorted(name for name in sent if name.startswith(("a_", "c_"))) == sent_names


@pytest.mark.parametrize(
    ("action", "name"),
    [
        ("deploy", "deploy"),
        ("not-found", "not_found"),
        ("3 stars", "action_3_stars"),
        ("session_start", "action_session_start"),
        ("ga_click", "action_ga_click"),
        ("ü", "ufc"),
        ("部署", "u90e8u7f72"),
        ("検索", "u691cu7d22"),
        ("a" * 60, "a" * 40),
    ],
)
def test_names_that_google_takes(
    server: RecordingServer, caplog: pytest.LogCaptureFixture, action: str, name: str
) -> None:
    (body,) = send(server, {}, an_event(action=action))

    assert body["events"][0]["name"] == name
    assert ("takes no event named" in caplog.text) is (name != action)


def test_parameters_within_their_limits(
    server: RecordingServer, caplog: pytest.LogCaptureFixture
) -> None:
    attributes = {f"{'k' * 60}{number}": "v" * 200 for number in range(3)}
    attributes |= {f"key-{number}": number for number in range(40)}

    sent = parameters(
        server, {"allowedAttributes": ["*"]}, an_event(subject="s" * 200, attributes=attributes)
    )

    assert len(sent) == 25
    assert max(map(len, sent)) <= 40
    assert max(len(value) for value in sent.values() if isinstance(value, str)) == 100
    assert sent["a_key_0"] == 0
    assert "The parameter label is cut to 100 characters" in caplog.text


def test_parameters_whose_names_would_collide_get_different_ones(
    server: RecordingServer, caplog: pytest.LogCaptureFixture
) -> None:
    alike = {"to-url": "A", "to_url": "B", "to.url": "C", "k" * 50 + "1": 1, "k" * 50 + "2": 2}

    sent = parameters(server, {"allowedAttributes": ["*"]}, an_event(attributes=alike))

    assert [sent[name] for name in ("a_to_url", "a_to_url_2", "a_to_url_3")] == ["A", "B", "C"]
    assert (sent["a_" + "k" * 38], sent["a_" + "k" * 36 + "_2"]) == (1, 2)
    assert (
        "a_to_url would be sent as a_to_url, which is already used: it is sent as a_to_url_2"
        in (caplog.text)
    )


def test_requests_have_25_events_of_one_client(server: RecordingServer) -> None:
    send(
        server,
        {"identity": "optional"},
        *(an_event() for _ in range(30)),
        an_event(session_id="another"),
        an_event(user="user:default/bob"),
    )

    requests = [request.json() for request in server.requests]
    assert [len(body["events"]) for body in requests] == [25, 5, 1, 1]
    assert len({(body["client_id"], body["user_id"]) for body in requests}) == 3


def test_a_body_has_at_most_130_kilobytes(server: RecordingServer) -> None:
    attributes = {f"key{number}": "ü" * 100 for number in range(20)}

    send(
        server, {"allowedAttributes": ["*"]}, *(an_event(attributes=attributes) for _ in range(60))
    )

    assert max(len(request.body) for request in server.requests) <= 130_000


def test_events_of_more_than_72_hours_are_given_up(server: RecordingServer) -> None:
    api = backend("ga4", {**SECTION, "endpoint": server.url})
    old, new = CAPTURED - timedelta(hours=73), CAPTURED - timedelta(hours=71)

    first, second = outcomes(at(CAPTURED, api), [an_event(timestamp=old), an_event(timestamp=new)])

    assert isinstance(first, RejectedError)
    assert second is None


def test_without_a_secret_googles_own_tag_sends() -> None:
    found = tool("ga4", {"measurementId": "G-1"})

    assert isinstance(found.api, BrowserAnalyticsApi)


def test_the_tag_names_events_as_the_server_does() -> None:
    """The other half is in tests/js/tags.test.js."""
    cases = json.loads((PROJECT / "tests/js/ga4_names.json").read_text(encoding="utf-8"))
    found = tool("ga4", {"measurementId": "G-1"})

    assert {action: event_name(action) for action in cases} == cases
    assert isinstance(found.api, BrowserAnalyticsApi)
    assert found.api.browser_tag is not None
    assert "error" in found.api.browser_tag.settings["reservedNames"]


def test_a_tag_knows_no_secret() -> None:
    found = tool("ga4", {**SECTION, "tag": True})

    assert found.api.browser_tag is not None
    assert "s3cr3t-of-ga4" not in str(found.api.browser_tag.settings)


def test_beside_its_tag_the_server_sends_what_the_server_captures(server: RecordingServer) -> None:
    (body,) = send(server, {"tag": True}, an_event(), an_event(origin="server"))

    assert len(body["events"]) == 1


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.ga4.measurementId (app-config.yaml): is missing. "
                "Give the id of the data stream, as G-0000000"
            ),
        ),
        (
            {"measurementId": "G-1", "allowedContext": ["*"]},
            (
                "app.analytics.ga4.allowedContext (app-config.yaml): is not a known key. "
                "Did you mean allowedContexts?"
            ),
        ),
        (
            {"measurementId": "G-1", "tag": False},
            "app.analytics.ga4 (app-config.yaml): is wrong. Give apiSecret, or let the tag send",
        ),
        (
            {"measurementId": "G-1", "contentGrouping": "team"},
            (
                'app.analytics.ga4.contentGrouping (app-config.yaml): is "team". '
                "Use pluginId, extension or routeRef"
            ),
        ),
        (
            {"measurementId": "G-1", "debug": "maybe"},
            (
                'app.analytics.ga4.debug (app-config.yaml): is "maybe". '
                "Use true to show what is sent, or false"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("ga4", section)

    assert str(error.value) == message
