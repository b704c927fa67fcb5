import asyncio
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from reflex_base.event import Event
from reflex_base.event.context import EventContext

from backstage_py.analytics.capture.dialect import CLASSIC
from backstage_py.analytics.capture.server_capture import (
    CONTEXT_ARGUMENT,
    ServerCapture,
    ServerTracker,
    current_server_tracker,
)
from backstage_py.analytics.consent.consent import Consent
from backstage_py.analytics.consent.rules import Choice, PrivacySettings
from backstage_py.analytics.event import DEFAULT_CONTEXT, AnalyticsEvent
from backstage_py.analytics.ingest.robots import Robots

TOLD = {"context": {"pluginId": "ci", "extension": "Builds"}, "sessionId": "visit"}


class NoChoices:
    """Nobody has an account."""

    def find(self, user: str) -> None:
        return None


class Notebook:
    """A recorder that writes down, and knows everybody by their cookie."""

    def __init__(self) -> None:
        self._consent = Consent(PrivacySettings(), cast("Any", self), cast("Any", NoChoices()))
        self.recorded: list[tuple[AnalyticsEvent, str | None, str | None]] = []
        self.dialect = CLASSIC
        self._robots = Robots()

    def record(self, event: AnalyticsEvent, *, session_id: str | None, user: str | None) -> None:
        self.recorded.append((event, session_id, user))

    def count_robot(self) -> None:
        raise AssertionError

    def is_robot(self, headers: Mapping[str, str]) -> bool:
        return self._robots.refuse(headers)

    def has_consent(self, headers: Mapping[str, str]) -> bool:
        return self._consent.is_given(headers)

    def allows(self, headers: Mapping[str, str], choice: Choice | None) -> bool:
        return self._consent.lets(headers, choice)

    def identify(self, headers: Mapping[str, str]) -> str | None:
        return self.person(None, headers)

    def person(self, capture_key: object, headers: Mapping[str, str]) -> str | None:
        if isinstance(capture_key, str):
            return capture_key
        return headers.get("cookie", "").partition(";")[0] or None


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


async def tracker_of(
    capture: ServerCapture,
    payload: dict[str, Any],
    *,
    txid: str,
    parent: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> ServerTracker:
    """The tracker that a handler has, when an event of this payload reaches it."""
    running = EventContext(
        token="client", state_manager=cast("Any", None), enqueue_impl=cast("Any", None),
        txid=txid, parent_txid=parent,
    )  # fmt: skip
    EventContext.set(running)
    router_data = {"headers": {"cookie": "user:default/ann", **(headers or {})}}
    event = Event(name="state.deploy", payload=payload, router_data=router_data)
    await capture.preprocess(cast("Any", None), cast("Any", None), event)
    assert CONTEXT_ARGUMENT not in event.payload
    tracker = current_server_tracker()
    assert tracker is not None
    return tracker


def run(coroutine: Coroutine[Any, Any, ServerTracker]) -> ServerTracker:
    """Run it on a thread of its own: Playwright's tests keep a loop running on this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_a_handler_has_the_context_the_session_and_the_user_of_its_trigger(
    notebook: Notebook,
) -> None:
    capture = ServerCapture(cast("Any", notebook))

    tracker = run(tracker_of(capture, {"zone": "north", CONTEXT_ARGUMENT: TOLD}, txid="1"))
    tracker.capture_event("deploy", "ledger", value=3)

    [(event, session_id, user)] = notebook.recorded
    assert event.to_wire() == {
        "action": "deploy",
        "subject": "ledger",
        "value": 3,
        "context": TOLD["context"],
    }
    assert (session_id, user) == ("visit", "user:default/ann")


def test_a_handler_that_another_one_called_has_its_context(notebook: Notebook) -> None:
    capture = ServerCapture(cast("Any", notebook))

    run(tracker_of(capture, {CONTEXT_ARGUMENT: TOLD}, txid="1"))
    called = run(tracker_of(capture, {}, txid="2", parent="1"))

    assert called.context == TOLD["context"]


def test_a_handler_that_nothing_triggered_has_the_default_context(notebook: Notebook) -> None:
    capture = ServerCapture(cast("Any", notebook))

    run(tracker_of(capture, {CONTEXT_ARGUMENT: TOLD}, txid="1"))
    unrelated = run(tracker_of(capture, {}, txid="2"))

    assert (unrelated.context, unrelated.session_id) == (DEFAULT_CONTEXT, None)


@pytest.mark.parametrize(
    "told",
    [None, 7, "text", [], {"context": 7}, {"sessionId": {"a": 1}}, {"sessionId": "x" * 1000}],
)
def test_whatever_a_browser_says_a_capture_never_raises(notebook: Notebook, told: Any) -> None:
    capture = ServerCapture(cast("Any", notebook))

    tracker = run(tracker_of(capture, {CONTEXT_ARGUMENT: told}, txid="1"))
    tracker.capture_event("deploy", "ledger")
    tracker.capture_event("", "ledger", attributes={"bad": object()})

    assert tracker.session_id is None


GPC = {"sec-gpc": "1"}


@pytest.mark.parametrize(
    ("told", "headers", "count"),
    [
        (TOLD, {}, 1),
        (False, {}, 0),
        (TOLD, GPC, 0),
        ({**TOLD, "choice": "on"}, GPC, 0),
        ({**TOLD, "choice": "regardless"}, GPC, 1),
        (None, GPC, 0),
        (None, {"cookie": "user:default/ann; backstage_py_choice=off"}, 0),
        (None, {"cookie": "user:default/ann; backstage_py_choice=regardless", **GPC}, 1),
    ],
)
def test_nothing_is_captured_of_people_who_opted_out(
    notebook: Notebook, told: Any, headers: dict[str, str], count: int
) -> None:
    capture = ServerCapture(cast("Any", notebook))
    payload = {} if told is None else {CONTEXT_ARGUMENT: told}

    run(tracker_of(capture, payload, txid="1", headers=headers)).capture_event("deploy", "ledger")

    assert len(notebook.recorded) == count


def test_what_a_tab_said_last_goes_before_the_cookie_of_its_connection(notebook: Notebook) -> None:
    capture = ServerCapture(cast("Any", notebook))

    run(tracker_of(capture, {CONTEXT_ARGUMENT: False}, txid="1"))
    run(tracker_of(capture, {}, txid="2")).capture_event("load", "page")
    run(tracker_of(capture, {CONTEXT_ARGUMENT: TOLD}, txid="3"))
    run(tracker_of(capture, {}, txid="4")).capture_event("load", "another page")

    assert [event.subject for event, _, _ in notebook.recorded] == ["another page"]
