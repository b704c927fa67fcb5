"""The requirements of every backend, as a test class that its own tests inherit.

    class TestMyTool(BackendConformance):
        def make_backend(self, address: str) -> AnalyticsApi:
            return MyTool(MyToolSettings(host=address, api_key="secret-key"))

`address` is that of a tool on loopback, which answers as `usual_answer` says.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.classify import classify
from backstage_py.analytics.errors import (
    DeliveryError,
    PartlyDeliveredError,
    RejectedError,
    RetryLaterError,
)
from backstage_py.analytics.event import RecordedEvent, new_event_id
from backstage_py.analytics.testing.recording_server import Answer, Received, RecordingServer

_MOMENT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_USER = "user:default/ada"

Outcomes = dict[str, DeliveryError | None]


class BackendConformance:
    """Inherit it, implement `make_backend`, and override what differs for a tool."""

    secrets: Sequence[str] = ()
    """The backend's secrets, which must not be logged."""
    tells_users: bool = True
    """Whether the tool is told about users at all."""
    sends_together: bool = True
    """Whether a request may have several events."""
    extreme_events_may_be_rejected: bool = True
    """Whether the tool has limits that an event may break."""

    def make_backend(self, address: str) -> AnalyticsApi:
        """The backend, for a tool at an address such as `http://127.0.0.1:8080`."""
        raise NotImplementedError

    def usual_answer(self, request: Received) -> Answer:  # ruff: ignore[unused-method-argument]
        """The tool's answer when it has taken everything."""
        return Answer()

    @pytest.fixture
    def tool(self) -> Iterator[RecordingServer]:
        """The tool on loopback."""
        with RecordingServer(self.usual_answer) as tool:
            yield tool

    @pytest.fixture
    def backend(self, tool: RecordingServer) -> Iterator[AnalyticsApi]:
        """The backend under test."""
        backend = self.make_backend(tool.url)
        yield backend
        backend.close()

    def test_takes_one_event(self, backend: AnalyticsApi, tool: RecordingServer) -> None:
        assert outcomes(backend, [an_event()]) == [None]
        assert len(tool.requests) == 1

    def test_takes_every_key_event(self, backend: AnalyticsApi) -> None:
        events = key_events()

        assert outcomes(backend, events) == [None] * len(events)

    def test_a_batch_is_taken_whole_and_in_order(
        self, backend: AnalyticsApi, tool: RecordingServer
    ) -> None:
        events = [an_event(subject=f"subject-{number:04}") for number in range(250)]

        assert outcomes(backend, events) == [None] * len(events)

        sent = b"".join(request.body for request in tool.requests)
        places = [sent.find(event.subject.encode()) for event in events]
        assert -1 not in places
        assert places == sorted(places)

    def test_a_batch_is_sent_together(self, backend: AnalyticsApi, tool: RecordingServer) -> None:
        outcomes(backend, [an_event() for _ in range(10)])

        is_batched = type(backend).capture_events is not AnalyticsApi.capture_events
        assert len(tool.requests) == (1 if is_batched and self.sends_together else 10)

    def test_nothing_is_sent_for_nothing(
        self, backend: AnalyticsApi, tool: RecordingServer
    ) -> None:
        backend.capture_events([])

        assert tool.requests == []

    @pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
    def test_what_may_pass_later_is_tried_again(
        self, backend: AnalyticsApi, tool: RecordingServer, status: int
    ) -> None:
        tool.answer(status, "not now")

        (outcome,) = outcomes(backend, [an_event()])

        assert isinstance(outcome, RetryLaterError)

    @pytest.mark.parametrize("status", [429, 503])
    def test_it_waits_as_long_as_it_is_asked_to(
        self, backend: AnalyticsApi, tool: RecordingServer, status: int
    ) -> None:
        tool.answer(status, "not now", Retry_After="7")

        (outcome,) = outcomes(backend, [an_event()])

        assert isinstance(outcome, RetryLaterError)
        assert outcome.after_seconds == 7

    def test_a_tool_that_is_down_is_not_asked_again_and_again(
        self, backend: AnalyticsApi, tool: RecordingServer
    ) -> None:
        for _ in range(300):
            tool.answer(503)

        found = outcomes(backend, [an_event() for _ in range(250)])

        assert all(isinstance(outcome, RetryLaterError) for outcome in found)
        assert len(tool.requests) == 1

    @pytest.mark.parametrize("status", [401, 403])
    def test_credentials_that_can_be_mended_cost_no_event(
        self, backend: AnalyticsApi, tool: RecordingServer, status: int
    ) -> None:
        tool.answer(status, "who are you?")

        (outcome,) = outcomes(backend, [an_event()])

        assert isinstance(outcome, RetryLaterError)

    def test_what_is_refused_for_good_is_not_sent_again(
        self, backend: AnalyticsApi, tool: RecordingServer
    ) -> None:
        tool.answer(400, "malformed")

        (outcome,) = outcomes(backend, [an_event()])

        assert isinstance(outcome, RejectedError)
        assert "400" in outcome.reason

    def test_one_bad_event_costs_no_other(
        self, backend: AnalyticsApi, tool: RecordingServer
    ) -> None:
        events = [an_event(subject=f"subject-{number:04}") for number in range(8)]

        def refuse_the_third(request: Received) -> Answer:
            if b"subject-0002" in request.body:
                return Answer(400, "malformed")
            return self.usual_answer(request)

        tool.usual = refuse_the_third

        found = outcomes(backend, events)

        assert isinstance(found[2], RejectedError)
        assert [*found[:2], *found[3:]] == [None] * 7

    def test_a_tool_that_is_not_there_is_tried_again(self) -> None:
        with RecordingServer() as gone:
            address = gone.url
        backend = self.make_backend(address)

        (outcome,) = outcomes(backend, [an_event()])

        assert isinstance(outcome, RetryLaterError)
        backend.close()

    def test_users_are_told_only_where_they_are_known(
        self, backend: AnalyticsApi, tool: RecordingServer
    ) -> None:
        outcomes(backend, [an_event(user="the-user-of-this-test")])
        outcomes(backend, [an_event(user=None)])

        told, not_told = (request.body for request in tool.requests)
        assert (b"the-user-of-this-test" in told) is self.tells_users
        assert b"the-user-of-this-test" not in not_told

    def test_no_exception_escapes_that_delivery_does_not_know(self, backend: AnalyticsApi) -> None:
        events = extreme_events()

        for event, outcome in zip(events, outcomes(backend, events, exact=True), strict=True):
            allowed = (RejectedError,) if self.extreme_events_may_be_rejected else ()
            assert outcome is None or isinstance(outcome, allowed), (event, outcome)

    def test_secrets_are_neither_logged_nor_kept_with_failures(
        self, backend: AnalyticsApi, tool: RecordingServer, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        tool.answer(500, "you said " + " ".join(self.secrets))

        (outcome,) = outcomes(backend, [an_event()])
        outcomes(backend, [an_event()])

        assert isinstance(outcome, RetryLaterError)
        assert [secret for secret in self.secrets if secret in outcome.reason + caplog.text] == []

    def test_it_can_be_closed_twice(self, backend: AnalyticsApi) -> None:
        backend.close()
        backend.close()


def outcomes(
    backend: AnalyticsApi, events: Sequence[RecordedEvent], *, exact: bool = False
) -> list[DeliveryError | None]:
    """The outcome of each event; with `exact` only the errors for delivery count."""
    try:
        backend.capture_events(events)
    except PartlyDeliveredError as error:
        failures = {id_: _verdict(one, exact=exact) for id_, one in error.failures.items()}
        return [failures.get(event.id) for event in events]
    except Exception as error:  # ruff: ignore[blind-except]
        return [_verdict(error, exact=exact)] * len(events)
    return [None] * len(events)


def an_event(**fields: object) -> RecordedEvent:
    """A click with a session and a user, except for what the test gives."""
    return RecordedEvent(**{
        "id": new_event_id(),
        "action": "click",
        "subject": "Docs",
        "attributes": {"to": "/docs"},
        "context": {
            "pluginId": "catalog",
            "extension": "CatalogIndexPage",
            "routeRef": "catalog",
        },
        "timestamp": _MOMENT,
        "received_at": _MOMENT,
        "session_id": "019ab1d6-7c4f-7000-8000-000000000001",
        "user": _USER,
        **fields,
    })  # fmt: skip


def key_events() -> list[RecordedEvent]:
    """One of each of Backstage's key events, with ids that never change."""
    root = {"pluginId": "root", "extension": "App", "routeRef": "unknown"}
    scaffolder = {"pluginId": "scaffolder", "extension": "TemplateWizardPage"}
    search = {"pluginId": "search", "extension": "SearchPage", "routeRef": "search"}
    entity = {"name": "petstore", "kind": "component", "namespace": "default"}
    given: list[dict[str, object]] = [
        {
            "action": "navigate",
            "subject": "/catalog/default/component/petstore?tab=docs#top",
            "attributes": entity,
            "context": {"pluginId": "catalog", "extension": "App", "routeRef": "catalog:entity"},
        },
        {},
        {
            "action": "create",
            "subject": "new service",
            "value": 90,
            "attributes": None,
            "context": {**scaffolder, "entityRef": "template:default/service"},
        },
        {
            "action": "search",
            "subject": "pet store & friends",
            "value": 0,
            "attributes": None,
            "context": {**search, "searchTypes": "software-catalog,techdocs"},
        },
        {
            "action": "discover",
            "subject": "Petstore",
            "value": 3,
            "attributes": {"to": "/docs/petstore"},
            "context": search,
        },
        {"action": "not-found", "subject": "/no/such/page", "attributes": None, "context": root},
    ]
    ids = [f"019ab1d6-7c4f-7000-8000-00000000010{number}" for number in range(len(given))]
    return [replace(an_event(**fields), id=id_) for id_, fields in zip(ids, given, strict=True)]


def extreme_events() -> list[RecordedEvent]:
    """Events that may be recorded but that tools do not expect."""
    many = {f"{'k' * 120}{number}": number for number in range(64)}
    return [
        an_event(subject="", attributes={}, session_id=None, user=None, context={}),
        an_event(action="a" * 128, subject="ü🚀\n\"'<&>\\" * 400),
        an_event(action="🚀 <script>", subject="%00&a=b\r\nX: y"),
        an_event(value=-1e300, attributes={"a b": True, "ü": 0.1}),
        an_event(value=2**63 - 1, attributes=many),
        an_event(value=-0.5, attributes={"long": "x" * 4096}),
        an_event(timestamp=datetime(1970, 1, 2, tzinfo=UTC), origin="server"),
        an_event(timestamp=datetime(2100, 1, 1, tzinfo=UTC), session_id="a_b-c" * 12),
    ]


def _verdict(error: Exception, *, exact: bool) -> DeliveryError:
    if exact and not isinstance(error, DeliveryError | OSError):
        raise error
    return classify(error)
