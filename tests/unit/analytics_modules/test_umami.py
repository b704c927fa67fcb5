from typing import Any

import pytest

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
from tests.unit.analytics_modules.test_wire import WEBSITE


def umami(address: str, **section: Any) -> AnalyticsApi:
    return backend("umami", {"websiteId": WEBSITE, "host": address, **section})


class TestConformance(BackendConformance):
    def make_backend(self, address: str) -> AnalyticsApi:
        return umami(address, identity="optional", userIdTransform="none")


def payloads(server: RecordingServer) -> list[dict[str, Any]]:
    return [one["payload"] for request in server.requests for one in request.json()]


def test_what_happens_on_a_page_has_its_address(server: RecordingServer) -> None:
    umami(server.url).capture_events(
        [*key_events()[:2], an_event(session_id="of-another-visit"), an_event(session_id=None)]
    )

    page = "/catalog/default/component/petstore?tab=docs#top"
    assert [one["url"] for one in payloads(server)] == [page, page, "/", "/"]


def test_only_events_other_than_page_views_have_a_name(server: RecordingServer) -> None:
    umami(server.url).capture_events(
        [key_events()[0], an_event(), an_event(action="=cmd"), an_event(action="a" * 60)]
    )

    names = [one.get("name") for one in payloads(server)]
    assert names == [None, "click", "_=cmd", "a" * 50]


def test_it_introduces_itself_as_no_robot(server: RecordingServer) -> None:
    umami(server.url).capture_event(an_event())

    assert server.requests[0].headers["user-agent"].startswith("Mozilla/5.0 (X11; Linux x86_64) ")


def test_each_refusal_is_of_its_own_event(server: RecordingServer) -> None:
    server.answer(
        200,
        {
            "size": 3,
            "errors": 2,
            "details": [
                {"index": 1, "response": {"error": {"message": "Bad", "status": 400}}},
                {"index": 2, "response": {"error": {"message": "Server", "status": 500}}},
                {"index": 9, "response": {}},
            ],
        },
    )

    taken, refused, later = outcomes(umami(server.url), [an_event() for _ in range(3)])

    assert taken is None
    assert isinstance(refused, RejectedError)
    assert refused.reason == "Umami: Bad"
    assert isinstance(later, RetryLaterError)


def test_a_website_that_is_not_there_yet_costs_no_event(server: RecordingServer) -> None:
    error = {"message": "Website not found.", "status": 400}
    server.answer(200, {"details": [{"index": 0, "response": {"error": error}}]})

    (outcome,) = outcomes(umami(server.url), [an_event()])

    assert isinstance(outcome, RetryLaterError)


def test_a_wrong_section_is_one_clear_error() -> None:
    with pytest.raises(ConfigurationError) as error:
        tool("umami", {"websiteID": WEBSITE})

    assert str(error.value) == (
        "app.analytics.umami.websiteId (app-config.yaml): is missing. "
        "Give the id of the website, a UUID"
    )
