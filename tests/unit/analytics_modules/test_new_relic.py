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
from tests.unit.analytics_modules.section import at, backend, tool

CAPTURED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SHA_256_OF_ADA = "31f906fbfce2eb705973f4adc65cb248f2fe23ea01cdde014910f44d2e90b012"
AGENT = {
    "endpoint": "bam.nr-data.net",
    "accountId": "12",
    "applicationId": "34",
    "licenseKey": "browser-key",
}
SECTION = {**AGENT, "ingestKey": "1ngest-key-of-nr"}


def send(server: RecordingServer, section: dict[str, Any], *events: RecordedEvent) -> list[Any]:
    """The bodies of the requests that the events make, a second after they were captured."""
    api = backend("newRelic", {**SECTION, "collector": server.url, **section})
    at(CAPTURED + timedelta(seconds=1), api).capture_events(events)
    return [request.json() for request in server.requests]


class TestConformance(BackendConformance):
    secrets = ("1ngest-key-of-nr",)

    def make_backend(self, address: str) -> AnalyticsApi:
        user = {"identity": "optional", "userIdTransform": "none"}
        return at(CAPTURED, backend("newRelic", {**SECTION, "collector": address, **user}))


def test_the_request_to_the_byte(server: RecordingServer) -> None:
    send(server, {}, key_events()[1])

    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/v1/accounts/12/events", {})
    assert request.headers["api-key"] == "1ngest-key-of-nr"
    assert request.headers["content-type"] == "application/json"
    assert request.body == (
        b'[{"eventType":"BackstagePageAction","timestamp":1795426200000,'
        b'"eventId":"019ab1d6-7c4f-7000-8000-000000000101","actionName":"click",'
        b'"session":"019ab1d6-7c4f-7000-8000-000000000001","currentUrl":"https://portal.example.com/",'
        b'"subject":"Docs","category":"CatalogIndexPage","context.pluginId":"catalog",'
        b'"context.extension":"CatalogIndexPage","context.routeRef":"catalog",'
        b'"attributes.to":"/docs"}]'
    )


def test_every_key_event(server: RecordingServer) -> None:
    page = "/catalog/default/component/petstore?tab=docs#top"

    (body,) = send(server, {}, *key_events())

    facts = [
        (one["eventType"], one["actionName"], one["subject"], one.get("value")) for one in body
    ]
    assert facts == [
        ("BackstagePageView", "navigate", page, None),
        ("BackstagePageAction", "click", "Docs", None),
        ("BackstagePageAction", "create", "new service", 90),
        ("BackstagePageAction", "search", "pet store & friends", 0),
        ("BackstagePageAction", "discover", "Petstore", 3),
        ("BackstagePageAction", "not-found", "/no/such/page", None),
    ]
    for sent, event in zip(body, key_events(), strict=True):
        context = {f"context.{key}": value for key, value in event.context.items()}
        attributes = {f"attributes.{key}": it for key, it in (event.attributes or {}).items()}
        assert {key: it for key, it in sent.items() if "." in key} == context | attributes


@pytest.mark.parametrize(
    ("identity", "user_id"),
    [({}, None), ({"identity": "disabled"}, None), ({"identity": "optional"}, SHA_256_OF_ADA)],
)
def test_the_user(server: RecordingServer, identity: dict[str, str], user_id: str | None) -> None:
    ((sent,),) = send(server, identity, an_event())

    assert sent.get("enduser.id") == user_id


def test_attributes_within_their_limits(
    server: RecordingServer, caplog: pytest.LogCaptureFixture
) -> None:
    attributes: dict[str, Any] = {"text": "ü" * 3_000, "flag": True, "count": 2}

    ((sent,),) = send(server, {}, an_event(attributes=attributes))

    assert len(sent["attributes.text"].encode()) == 4_096
    assert sent["attributes.flag"] == "true"
    assert sent["attributes.count"] == 2
    assert "attributes.text is cut to 4096 bytes" in caplog.text


def test_requests_have_2000_events_and_a_megabyte(server: RecordingServer) -> None:
    send(server, {}, *(an_event() for _ in range(2_100)))
    assert [len(request.json()) for request in server.requests] == [2_000, 100]
    server.requests.clear()

    send(server, {}, *(an_event(attributes={"text": "x" * 4_000}) for _ in range(600)))
    assert max(len(request.body) for request in server.requests) <= 1_000_000
    assert sum(len(request.json()) for request in server.requests) == 600


def test_events_of_more_than_48_hours_are_given_up(server: RecordingServer) -> None:
    api = backend("newRelic", {**SECTION, "collector": server.url})
    old, new = CAPTURED - timedelta(hours=49), CAPTURED - timedelta(hours=47)

    first, second = outcomes(at(CAPTURED, api), [an_event(timestamp=old), an_event(timestamp=new)])

    assert isinstance(first, RejectedError)
    assert second is None


def test_an_endpoint_of_no_region_needs_a_collector() -> None:
    section = {**SECTION, "endpoint": "proxy.example.com"}

    assert tool("newRelic", {**section, "collector": "https://collect.example.com"})
    with pytest.raises(ConfigurationError) as error:
        tool("newRelic", section)

    assert str(error.value) == (
        "app.analytics.newRelic (app-config.yaml): is wrong. The endpoint proxy.example.com is in "
        "no known region: give collector, the address of the Event API, too"
    )


@pytest.mark.parametrize(
    ("endpoint", "collector"),
    [
        ("bam.nr-data.net", "https://insights-collector.newrelic.com"),
        ("bam.eu01.nr-data.net", "https://insights-collector.eu01.nr-data.net"),
        ("bam.jp.nr-data.net", "https://insights-collector.jp.nr-data.net"),
        ("gov-bam.nr-data.net", "https://gov-insights-collector.newrelic.com"),
    ],
)
def test_the_collector_is_that_of_the_agents_region(
    endpoint: str,
    collector: str,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    section = {**SECTION, "endpoint": endpoint, "testMode": True, "debug": True}

    at(CAPTURED, backend("newRelic", section)).capture_event(an_event())

    shown = capsys.readouterr().out + caplog.text
    assert f"POST {collector}/v1/accounts/12/events" in shown


def test_without_an_ingest_key_the_agent_sends() -> None:
    found = tool("newRelic", AGENT)

    assert isinstance(found.api, BrowserAnalyticsApi)
    assert found.api.browser_tag is not None
    assert found.api.browser_tag.settings["licenseKey"] == "browser-key"
    assert found.api.browser_tag.settings["sessionReplay"] == {
        "enabled": False,
        "samplingRate": 0,
        "errorSamplingRate": 100,
        "maskTextSelector": None,
        "maskAllInputs": True,
        "collectFonts": True,
        "blockSelector": None,
    }


def test_an_agent_knows_no_ingest_key() -> None:
    found = tool("newRelic", {**SECTION, "tag": True})

    assert found.api.browser_tag is not None
    assert "1ngest-key-of-nr" not in str(found.api.browser_tag.settings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"licenseKey": None},
            (
                "app.analytics.newRelic.licenseKey (app-config.yaml): is missing. "
                "Give the browser agent's key"
            ),
        ),
        (
            {"tag": False},
            (
                "app.analytics.newRelic (app-config.yaml): is wrong. "
                "Give ingestKey, or let the agent send"
            ),
        ),
        (
            {"accountId": 12},
            (
                "app.analytics.newRelic.accountId (app-config.yaml): is 12. "
                "Use the number of the account, in quotes"
            ),
        ),
        (
            {"sessionReplay": {"enabled": True, "sampling": 5}},
            (
                "app.analytics.newRelic.sessionReplay.sampling (app-config.yaml): "
                "is not a known key. "
                "Did you mean samplingRate?"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("newRelic", AGENT | change)

    assert str(error.value) == message
