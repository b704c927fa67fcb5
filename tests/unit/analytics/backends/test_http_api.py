"""Behaviour of HTTP backends that the conformance class does not cover."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import httpx
import orjson
import pytest

from backstage_py.analytics.backends.http_api import (
    Encoded,
    HttpAnalyticsApi,
    Verdicts,
    json_of,
    refused_at,
)
from backstage_py.analytics.config.settings import ToolSettings
from backstage_py.analytics.errors import NotTriedError, RejectedError, RetryLaterError
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.testing import (
    Answer,
    BackendConformance,
    Received,
    RecordingServer,
    an_event,
    outcomes,
)


class Lines(HttpAnalyticsApi):
    """Posts subjects and users, three a request."""

    max_events = 3
    max_bytes = 200
    max_event_bytes = 150

    def __init__(self, address: str) -> None:
        super().__init__(ToolSettings.model_validate({}))
        self.address = address

    def encode(self, event: RecordedEvent) -> bytes:
        if event.subject == "unspeakable":
            raise RejectedError("it cannot be said")
        return orjson.dumps([event.subject, event.user])

    def request(self, batch: Sequence[Encoded]) -> httpx.Request:
        content = b"\n".join(one.content for one in batch)
        return self.client.build_request("POST", self.address, content=content)


class Choosy(Lines):
    """Says in a 400 which events it does not like, and takes or leaves the others."""

    oldest = timedelta(hours=1)
    retried_status = HttpAnalyticsApi.retried_status | {439}

    def __init__(self, address: str, *, takes_others: bool) -> None:
        super().__init__(address)
        self._takes_others = takes_others
        self._clock = lambda: an_event().timestamp

    def read_refusal(self, response: httpx.Response, batch: Sequence[Encoded]) -> Verdicts:
        named = refused_at(batch, json_of(response).get("bad"), "bad")
        if self._takes_others or not named:
            return named
        return {one.event.id: named.get(one.event.id, NotTriedError()) for one in batch}


@pytest.fixture
def server() -> Iterator[RecordingServer]:
    with RecordingServer() as server:
        yield server


@pytest.fixture
def lines(server: RecordingServer) -> Iterator[Lines]:
    api = Lines(server.url)
    yield api
    api.close()


def sent(server: RecordingServer) -> list[list[str]]:
    """The subjects of each request."""
    return [[orjson.loads(line)[0] for line in one.body.split(b"\n")] for one in server.requests]


def test_requests_are_within_the_limits(lines: Lines, server: RecordingServer) -> None:
    events = [an_event(subject=text) for text in ("a", "b", "c", "d", "x" * 100, "y" * 100)]

    assert outcomes(lines, events) == [None] * 6
    assert sent(server) == [["a", "b", "c"], ["d", "x" * 100], ["y" * 100]]


def test_what_cannot_be_said_costs_no_other(lines: Lines, server: RecordingServer) -> None:
    events = [an_event(subject=text) for text in ("a", "unspeakable", "x" * 200, "b")]

    first, unspeakable, too_large, last = outcomes(lines, events)

    assert (first, last) == (None, None)
    assert isinstance(unspeakable, RejectedError)
    assert isinstance(too_large, RejectedError)
    assert sent(server) == [["a", "b"]]


def test_no_event_overtakes_one_of_its_session(lines: Lines, server: RecordingServer) -> None:
    def trouble(request: Received) -> Answer:
        if b"bad" in request.body:
            return Answer(400 if request.body.count(b"\n") else 503)
        return Answer()

    server.usual = trouble
    events = [
        an_event(subject=subject, session_id=session)
        for subject, session in (
            ("bad", "visit-1"),
            ("a", "visit-2"),
            ("b", "visit-1"),
            ("c", "visit-1"),
            ("d", "visit-2"),
        )
    ]

    bad, first, second, third, fourth = outcomes(lines, events)

    assert isinstance(bad, RetryLaterError)
    assert (first, fourth) == (None, None)
    assert isinstance(second, NotTriedError)
    assert isinstance(third, NotTriedError)


def test_a_redirect_is_not_followed(lines: Lines, server: RecordingServer) -> None:
    server.answer(302, Location="http://127.0.0.1:9/elsewhere")

    (outcome,) = outcomes(lines, [an_event()])

    assert isinstance(outcome, RetryLaterError)
    assert "HTTP 302" in outcome.reason


class TestConformance(BackendConformance):
    def make_backend(self, address: str) -> Lines:
        api = Lines(address)
        api.max_events, api.max_bytes, api.max_event_bytes = 500, 10**6, 10**5
        return api


@pytest.mark.parametrize("takes_others", [True, False])
def test_a_refusal_that_names_events_costs_no_other(
    server: RecordingServer, *, takes_others: bool
) -> None:
    server.answer(400, {"bad": 1})
    api = Choosy(server.url, takes_others=takes_others)

    first, second, third = outcomes(api, [an_event(subject=name) for name in "abc"])

    assert (first, third) == (None, None)
    assert isinstance(second, RejectedError)
    assert sent(server) == [["a", "b", "c"]] + ([] if takes_others else [["a", "c"]])
    api.close()


def test_a_refusal_that_names_nothing_is_of_them_all(server: RecordingServer) -> None:
    server.answer(400, {"bad": 7})
    server.answer(400, "no JSON")
    api = Choosy(server.url, takes_others=True)

    assert isinstance(outcomes(api, [an_event()])[0], RejectedError)
    assert isinstance(outcomes(api, [an_event()])[0], RejectedError)
    api.close()


def test_a_tool_may_have_a_status_of_its_own_that_passes(server: RecordingServer) -> None:
    server.answer(439)
    api = Choosy(server.url, takes_others=True)

    assert isinstance(outcomes(api, [an_event()])[0], RetryLaterError)
    api.close()


def test_what_is_too_old_for_the_tool_is_not_sent(server: RecordingServer) -> None:
    api = Choosy(server.url, takes_others=True)
    old = an_event(timestamp=an_event().timestamp - timedelta(hours=2))

    refused, taken = outcomes(api, [old, an_event()])

    assert isinstance(refused, RejectedError)
    assert refused.reason == "The tool does not take events older than 1 hours"
    assert taken is None
    api.close()
