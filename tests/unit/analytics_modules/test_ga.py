from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from backstage_py.analytics import AnalyticsApi, ConfigurationError, RecordedEvent, RejectedError
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
CLIENT = "5c5bef92-f6a0-4497-8d8f-907d04a996b6"

Hit = dict[str, str]


def hits(server: RecordingServer, section: dict[str, Any], *events: RecordedEvent) -> list[Hit]:
    """The events on the wire, a second after they were captured."""
    given = {"trackingId": "UA-1-1", "endpoint": server.url, **section}
    api = at(CAPTURED + timedelta(seconds=1), backend("ga", given))
    api.capture_events(events)
    lines = [line for request in server.requests for line in request.body.decode().split("\n")]
    return [dict(parse_qsl(line, keep_blank_values=True, strict_parsing=True)) for line in lines]


def hit(number: int, **fields: str) -> Hit:
    return {
        "v": "1",
        "tid": "UA-1-1",
        "cid": CLIENT,
        **fields,
        "z": f"019ab1d6-7c4f-7000-8000-00000000010{number}",
        "qt": "1000",
    }


class TestConformance(BackendConformance):
    def make_backend(self, address: str) -> AnalyticsApi:
        section = {"trackingId": "UA-1-1", "endpoint": address, "identity": "optional"}
        return backend("ga", {**section, "userIdTransform": "none"})

    def test_a_batch_is_sent_together(self, backend: AnalyticsApi, tool: RecordingServer) -> None:
        backend.capture_events([an_event() for _ in range(20)])

        assert len(tool.requests) == 1


def test_the_request_to_the_byte(server: RecordingServer) -> None:
    hits(server, {}, key_events()[1])

    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/batch", {})
    assert request.body == (
        b"v=1&tid=UA-1-1&cid=5c5bef92-f6a0-4497-8d8f-907d04a996b6&t=event&ec=CatalogIndexPage"
        b"&ea=click&el=Docs&z=019ab1d6-7c4f-7000-8000-000000000101&qt=1000"
    )


def test_every_key_event(server: RecordingServer) -> None:
    page = "/catalog/default/component/petstore?tab=docs#top"

    assert hits(server, {}, *key_events()) == [
        hit(0, t="pageview", dp=page, dl=f"https://portal.example.com{page}"),
        hit(1, t="event", ec="CatalogIndexPage", ea="click", el="Docs"),
        hit(2, t="event", ec="TemplateWizardPage", ea="create", el="new service", ev="90"),
        hit(3, t="event", ec="SearchPage", ea="search", el="pet store & friends", ev="0"),
        hit(4, t="event", ec="SearchPage", ea="discover", el="Petstore", ev="3"),
        hit(5, t="event", ec="App", ea="not-found", el="/no/such/page"),
    ]


def test_a_navigation_within_a_page_is_an_event(server: RecordingServer) -> None:
    inner = an_event(action="navigate", subject="/x", context={"extension": "Tab"})

    (sent,) = hits(server, {}, inner)

    assert (sent["t"], sent["ec"], sent["ea"], sent["el"]) == ("event", "Tab", "navigate", "/x")


def test_an_extension_id_is_the_category_before_the_extension(server: RecordingServer) -> None:
    event = an_event(context={"extensionId": "page:catalog", "extension": "App"})

    (sent,) = hits(server, {}, event)

    assert sent["ec"] == "page:catalog"


@pytest.mark.parametrize(
    ("identity", "user_id"),
    [({}, None), ({"identity": "disabled"}, None), ({"identity": "optional"}, SHA_256_OF_ADA)],
)
def test_the_user(server: RecordingServer, identity: dict[str, str], user_id: str | None) -> None:
    (sent,) = hits(server, identity, an_event())

    assert sent.get("uid") == user_id


@pytest.mark.parametrize(
    ("mode", "kinds"),
    [("disabled", ["event"]), ("only", ["pageview"]), ("both", ["pageview", "event"])],
)
def test_virtual_search_page_views(server: RecordingServer, mode: str, kinds: list[str]) -> None:
    sent = hits(server, {"virtualSearchPageView": {"mode": mode}}, key_events()[3])

    assert [one["t"] for one in sent] == kinds
    if mode != "disabled":
        assert sent[0]["dp"] == "/search?query=pet+store+%26+friends"


def test_where_virtual_searches_are(server: RecordingServer) -> None:
    search = {"mode": "only", "mountPath": "/find", "searchQuery": "q", "categoryQuery": "sc"}

    (sent,) = hits(server, {"virtualSearchPageView": search}, key_events()[3])

    assert sent["dp"] == "/find?q=pet+store+%26+friends&sc=software-catalog%2Ctechdocs"


def test_custom_dimensions_and_metrics(server: RecordingServer) -> None:
    custom = [
        {"type": "dimension", "index": 1, "source": "context", "key": "pluginId"},
        {"type": "dimension", "index": 2, "source": "attributes", "key": "flag"},
        {"type": "dimension", "index": 3, "source": "attributes", "key": "absent"},
        {"type": "metric", "index": 4, "source": "attributes", "key": "size"},
        {"type": "metric", "index": 5, "source": "attributes", "key": "text"},
        {"type": "metric", "index": 6, "source": "attributes", "key": "flag"},
    ]
    event = an_event(attributes={"flag": True, "size": 2.5, "text": "3"})

    (sent,) = hits(server, {"customDimensionsMetrics": custom}, event)

    found = {key: value for key, value in sent.items() if key.startswith(("cd", "cm"))}
    assert found == {"cd1": "catalog", "cd2": "true", "cm4": "2.5"}


@pytest.mark.parametrize(
    ("value", "sent_value"), [(0, "0"), (2.6, "3"), (-1, None), (1e300, None), (None, None)]
)
def test_values_are_whole_numbers(
    server: RecordingServer, value: float | None, sent_value: str | None
) -> None:
    (sent,) = hits(server, {}, an_event(value=value))

    assert sent.get("ev") == sent_value


@pytest.mark.parametrize(("hours", "queue_time"), [(1, "3600000"), (5, None), (-1, None)])
def test_how_long_ago_it_was(server: RecordingServer, hours: float, queue_time: str | None) -> None:
    given = {"trackingId": "UA-1-1", "endpoint": server.url}

    at(CAPTURED + timedelta(hours=hours), backend("ga", given)).capture_event(an_event())

    sent = dict(parse_qsl(server.requests[0].body.decode()))
    assert sent.get("qt") == queue_time


def test_fields_are_cut_to_their_limits(
    server: RecordingServer, caplog: pytest.LogCaptureFixture
) -> None:
    event = an_event(action="ä" * 128, subject="ö" * 400, context={"extension": "ü" * 200})

    (sent,) = hits(server, {}, event)

    assert {key: len(sent[key].encode()) for key in ("ea", "el", "ec")} == {
        "ea": 256,
        "el": 500,
        "ec": 150,
    }
    assert "el is cut to 500 bytes" in caplog.text


def test_a_batch_has_20_hits_and_16_kilobytes(server: RecordingServer) -> None:
    hits(
        server,
        {},
        *(an_event() for _ in range(45)),
        *(an_event(subject="ö" * 400) for _ in range(12)),
    )

    sizes = [request.body.count(b"\n") + 1 for request in server.requests]
    assert sizes[:2] == [20, 20]
    assert max(sizes) == 20
    assert max(len(request.body) for request in server.requests) <= 16 * 1024
    assert sum(sizes) == 57


def test_a_hit_that_is_too_long_is_given_up_alone(server: RecordingServer) -> None:
    custom = [
        {"type": "dimension", "index": index, "source": "attributes", "key": "text"}
        for index in range(1, 31)
    ]
    section = {
        "trackingId": "UA-1-1", "endpoint": server.url, "customDimensionsMetrics": custom
    }  # fmt: skip
    events = [an_event(), an_event(attributes={"text": "ö" * 2000}), an_event()]

    before, too_long, after = outcomes(backend("ga", section), events)

    assert (before, after) == (None, None)
    assert isinstance(too_long, RejectedError)


def test_an_old_address_of_the_script_is_only_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    tool("ga", {"trackingId": "UA-1-1", "scriptSrc": "https://example.com/analytics.js"})

    assert "scriptSrc has no effect" in caplog.text


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {},
            (
                "app.analytics.ga.trackingId (app-config.yaml): is missing. "
                "Give the id of the property, as UA-000000-0"
            ),
        ),
        (
            {"trackingId": "UA-1-1", "virtualSearchPageView": {"mode": "always"}},
            (
                'app.analytics.ga.virtualSearchPageView.mode (app-config.yaml): is "always". '
                "Use disabled, only or both"
            ),
        ),
        (
            {
                "trackingId": "UA-1-1",
                "customDimensionsMetrics": [
                    {"type": "dimension", "index": 0, "source": "context", "key": "k"}
                ],
            },
            (
                "app.analytics.ga.customDimensionsMetrics[0].index (app-config.yaml): is 0. "
                "Use the number that it has in Google Analytics"
            ),
        ),
        (
            {"trackingId": "UA-1-1", "identity": "always"},
            (
                'app.analytics.ga.identity (app-config.yaml): is "always". '
                "Use disabled, optional or required"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("ga", section)

    assert str(error.value) == message


def test_users_can_only_be_required_where_they_sign_in() -> None:
    section = {"trackingId": "UA-1-1", "identity": "required"}

    with pytest.raises(ConfigurationError, match="an identity API must be provided"):
        tool("ga", section, auth={})
