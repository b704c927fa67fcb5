import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from backstage_py.analytics import (
    AnalyticsApi,
    ConfigurationError,
    RecordedEvent,
    RejectedError,
    RetryLaterError,
    UnansweredError,
)
from backstage_py.analytics.testing import (
    Answer,
    BackendConformance,
    Received,
    RecordingServer,
    an_event,
    key_events,
    outcomes,
)
from tests.unit.analytics_modules.section import at, backend, tool

CAPTURED = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SHA_256_OF_ADA = "31f906fbfce2eb705973f4adc65cb248f2fe23ea01cdde014910f44d2e90b012"
PORTAL = "https://portal.example.com"

Hit = dict[str, str]


def success(request: Received) -> Answer:
    """Matomo's response after tracking a whole bulk."""
    return Answer(
        200, {"status": "success", "tracked": len(request.json()["requests"]), "invalid": 0}
    )


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer(success) as server:
        yield server


def hits(server: RecordingServer, section: dict[str, Any], *events: RecordedEvent) -> list[Hit]:
    """The events on the wire, a second after they were captured."""
    api = backend("matomo", {"host": f"{server.url}/", "siteId": 3, **section})
    at(CAPTURED + timedelta(seconds=1), api).capture_events(events)
    queries = [query for request in server.requests for query in request.json()["requests"]]
    return [
        dict(parse_qsl(query[1:], keep_blank_values=True, strict_parsing=True)) for query in queries
    ]


def hit(number: int, **fields: str) -> Hit:
    return {
        "idsite": "3",
        "rec": "1",
        "apiv": "1",
        "send_image": "0",
        "_id": "5c5bef92f6a0c497",
        **fields,
        "cdt": "2026-11-23 09:30:00",
        "rand": f"019ab1d6-7c4f-7000-8000-00000000010{number}",
    }


def event_hit(number: int, category: str, action: str, name: str, **more: str) -> Hit:
    what = {"url": f"{PORTAL}/", "e_c": category, "e_a": action, "e_n": name, "ca": "1"}
    return hit(number, **(what | more))


class TestConformance(BackendConformance):
    secrets = ("t0k3n-of-matomo",)

    def make_backend(self, address: str) -> AnalyticsApi:
        user = {"identity": "optional", "sendPlainUserId": True}
        section = {"host": address, "siteId": 3, "tokenAuth": "t0k3n-of-matomo", **user}
        return backend("matomo", section)

    def usual_answer(self, request: Received) -> Answer:
        return success(request)


def test_the_request_to_the_byte(server: RecordingServer) -> None:
    hits(server, {"tokenAuth": "abc"}, key_events()[1])

    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/matomo.php", {})
    assert request.headers["content-type"] == "application/json"
    assert request.body == (
        b'{"requests":["?idsite=3&rec=1&apiv=1&send_image=0&_id=5c5bef92f6a0c497'
        b"&url=https%3A%2F%2Fportal.example.com%2F&e_c=CatalogIndexPage&e_a=click&e_n=Docs&ca=1"
        b'&cdt=2026-11-23%2009%3A30%3A00&rand=019ab1d6-7c4f-7000-8000-000000000101"],'
        b'"token_auth":"abc"}'
    )


def test_every_key_event(server: RecordingServer) -> None:
    page = "/catalog/default/component/petstore?tab=docs#top"

    assert hits(server, {}, *key_events()) == [
        event_hit(0, "App", "navigate", page, url=f"{PORTAL}{page}"),
        event_hit(1, "CatalogIndexPage", "click", "Docs", url=f"{PORTAL}{page}"),
        event_hit(
            2, "TemplateWizardPage", "create", "new service", e_v="90", url=f"{PORTAL}{page}"
        ),
        event_hit(3, "SearchPage", "search", "pet store & friends", e_v="0", url=f"{PORTAL}{page}"),
        event_hit(4, "SearchPage", "discover", "Petstore", e_v="3", url=f"{PORTAL}{page}"),
        event_hit(5, "App", "not-found", "/no/such/page", url=f"{PORTAL}{page}"),
    ]


def test_a_host_may_come_without_a_scheme_as_in_backstage() -> None:
    api: Any = tool("matomo", {"host": "matomo.example.com/stats", "siteId": 3}).api

    assert api._address == "https://matomo.example.com/stats/matomo.php"


def test_with_enhanced_tracking_a_navigate_is_a_page_view(server: RecordingServer) -> None:
    page = "/catalog/default/component/petstore?tab=docs#top"

    (sent,) = hits(server, {"enhancedTracking": True}, key_events()[0])

    assert sent == hit(0, url=f"{PORTAL}{page}", action_name=page)


@pytest.mark.parametrize(
    ("identity", "user_id"),
    [
        ({}, None),
        ({"identity": "disabled"}, None),
        ({"identity": "optional"}, SHA_256_OF_ADA),
        ({"identity": "optional", "sendPlainUserId": True}, "user:default/ada"),
    ],
)
def test_the_user(server: RecordingServer, identity: dict[str, Any], user_id: str | None) -> None:
    (sent,) = hits(server, identity, an_event())

    assert sent.get("uid") == user_id


def test_events_of_yesterday_need_a_token(server: RecordingServer) -> None:
    old = an_event(timestamp=CAPTURED - timedelta(hours=25))
    section = {"host": server.url, "siteId": 3}
    without = at(CAPTURED, backend("matomo", section))
    with_token = at(CAPTURED, backend("matomo", {**section, "tokenAuth": "abc"}))

    ((refused,), (taken,)) = outcomes(without, [old]), outcomes(with_token, [old])

    assert isinstance(refused, RejectedError)
    assert "tokenAuth" in refused.reason
    assert taken is None


def test_a_bulk_has_200_hits(server: RecordingServer) -> None:
    hits(server, {}, *(an_event() for _ in range(450)))

    assert [len(request.json()["requests"]) for request in server.requests] == [200, 200, 50]


def test_hits_that_matomo_calls_invalid_are_given_up_alone(server: RecordingServer) -> None:
    server.answer(200, {"status": "success", "tracked": 2, "invalid": 1, "invalid_indices": [1]})
    api = at(CAPTURED, backend("matomo", {"host": server.url, "siteId": 3}))

    first, second, third = outcomes(api, [an_event(), an_event(), an_event()])

    assert (first, third) == (None, None)
    assert isinstance(second, RejectedError)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "answer", ["<h1>Sign in</h1>", [], {}, {"status": "error", "tracked": 0, "message": "no"}]
)
def test_anything_but_success_is_retried(server: RecordingServer, answer: Any) -> None:
    server.answer(200, answer)
    api = at(CAPTURED, backend("matomo", {"host": server.url, "siteId": 3}))

    (outcome,) = outcomes(api, [an_event()])

    assert isinstance(outcome, RetryLaterError)


def test_what_may_have_been_counted_is_not_sent_again() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def break_off() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)

        answering = threading.Thread(target=break_off)
        answering.start()
        host = f"http://127.0.0.1:{listening.getsockname()[1]}"
        api = at(CAPTURED, backend("matomo", {"host": host, "siteId": 3}))

        found = outcomes(api, [an_event(), an_event()])

        answering.join()
    assert [type(outcome) for outcome in found] == [UnansweredError, UnansweredError]
    assert found[0] is not None
    assert "may count twice" in found[0].reason


def test_a_tag_knows_no_token() -> None:
    found = tool("matomo", {"host": "https://m", "siteId": 3, "tokenAuth": "abc", "tag": True})

    assert found.api.browser_tag is not None
    assert "abc" not in str(found.api.browser_tag.settings)


@pytest.mark.parametrize("site_id", [3, "3"])
def test_a_site_is_a_number_or_its_digits(server: RecordingServer, site_id: Any) -> None:
    (sent,) = hits(server, {"siteId": site_id}, an_event())

    assert sent["idsite"] == "3"


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {"siteId": 1},
            (
                "app.analytics.matomo.host (app-config.yaml): is missing. "
                "Give the address of the Matomo server, as https://host"
            ),
        ),
        (
            {"host": "https://m", "siteId": "mine"},
            'app.analytics.matomo.siteId (app-config.yaml): is "mine". Use the number of the site',
        ),
        (
            {"host": "https://m", "siteId": 1, "tokenauth": "secret-value"},
            (
                "app.analytics.matomo.tokenauth (app-config.yaml): is not a known key. "
                "Did you mean tokenAuth?"
            ),
        ),
    ],
)
def test_a_wrong_section_is_one_clear_error(section: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("matomo", section)

    assert str(error.value) == message
