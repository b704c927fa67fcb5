"""Runs an event handler in a test, as Reflex runs it, without an app or a browser.

async def test_an_order_is_captured(mock_analytics):
    run = await run_handler(OrderState.order, "978-0441172719", user="user:default/ann")

    assert run.state.is_ordered
    assert mock_analytics.get_events()[0].subject == "978-0441172719"
"""

import contextlib
import inspect
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from reflex_base.event import Event, EventHandler, EventSpec

from backstage_py.analytics.capture.dialect import CLASSIC, Dialect
from backstage_py.analytics.capture.server_capture import ServerTracker, tracking
from backstage_py.analytics.clock import utc_now
from backstage_py.analytics.event import (
    DEFAULT_CONTEXT,
    AnalyticsEvent,
    RecordedEvent,
    Scalar,
    new_event_id,
)
from backstage_py.analytics.testing.mock_analytics_api import MockAnalyticsApi

_listening: list[MockAnalyticsApi] = []


@dataclass(frozen=True, slots=True)
class HandlerRun:
    """The result of running an event handler.

    Attributes:
        state: The state it ran on, with the values that it left; other states of the app by
            `await run.state.get_state(OtherState)`.
        events: The events it returned or yielded, in order, as Reflex would pass them on; none of
            these has been run.
        captured: The events it captured, oldest first.
    """

    state: Any
    events: list[Event]
    captured: list[RecordedEvent]


async def run_handler(
    handler: Any,
    *arguments: Any,
    state: Any = None,
    values: Mapping[str, Any] | None = None,
    router_data: Mapping[str, Any] | None = None,
    context: Mapping[str, Scalar] = DEFAULT_CONTEXT,
    session_id: str | None = None,
    user: str | None = None,
) -> HandlerRun:
    """Run an event handler of a state to its end, and return what it did.

    Its captures go to the `mock_analytics` of the test and into `captured`; nothing is
    stored or sent.

    Args:
        handler: An event handler of a state, such as `OrderState.order`.
        arguments: Its arguments, as the page would give them.
        state: The `state` of an earlier run, to continue with; a new one by default.
        values: Vars of the state, set before it runs.
        router_data: The handler's `self.router_data`, such as `{"query": {"id": "7"}}`.
        context: The analytics context of the component that triggers it.
        session_id: The visit it belongs to.
        user: The entity ref of the signed-in user, for captures.

    Raises:
        TypeError: If it is not an event handler of a state.
        Exception: Whatever the handler itself raises.
    """
    found = _require_handler(handler)
    own = await _find_state(found.state, state)
    if router_data is not None:
        own.router_data = dict(router_data)
    for name, value in (values or {}).items():
        setattr(own, name, value)
    recorder = _Recorder(MockAnalyticsApi())
    tracker = ServerTracker(
        cast("Any", recorder), context=context, session_id=session_id, user=user
    )
    with tracking(tracker):
        events = await _list_events(found.fn(own, *arguments))
    return HandlerRun(own, events, recorder.captured.get_events())


@contextlib.contextmanager
def listening(mock: MockAnalyticsApi) -> Generator[None]:
    """Return a mock the captures of handlers that `run_handler` runs."""
    _listening.append(mock)
    try:
        yield
    finally:
        _listening.remove(mock)


@dataclass(frozen=True, slots=True)
class _Recorder:
    """Hands captures to the mocks at once."""

    captured: MockAnalyticsApi
    dialect: Dialect = CLASSIC

    def record(self, event: AnalyticsEvent, *, session_id: str | None, user: str | None) -> None:
        now = utc_now()
        recorded = RecordedEvent(
            action=event.action,
            subject=event.subject,
            value=event.value,
            attributes=event.attributes,
            context=event.context,
            id=new_event_id(),
            timestamp=now,
            received_at=now,
            session_id=session_id,
            user=user,
            origin="server",
        )
        for mock in (self.captured, *_listening):
            mock.capture_event(recorded)


def _require_handler(handler: Any) -> EventHandler:
    if isinstance(handler, EventHandler) and handler.state is not None:
        return handler
    if isinstance(handler, EventSpec):
        problem = "is what a page is given: write run_handler(State.handler, argument)"
        raise TypeError(f"{handler.handler.fn.__qualname__}(...) {problem}")
    raise TypeError(
        f"{handler!r} is not an event handler of a state: give one, such as State.order"
    )


async def _find_state(owner: Any, given: Any) -> Any:
    if given is not None:
        return await given.get_state(owner)
    root = owner.get_root_state()(_reflex_internal_init=True)
    return await root.get_state(owner)


async def _list_events(result: Any) -> list[Event]:
    """The results of a handler, whatever kind of function it is."""
    if inspect.isawaitable(result):
        result = await result
    given: list[Any]
    if inspect.isasyncgen(result):
        given = [one async for one in result]
    elif inspect.isgenerator(result):
        given = [*_steps_of(cast("Generator[Any, Any, Any]", result))]
    else:
        given = [result]
    return [event for one in given if one is not None for event in Event.from_event_type(one)]


def _steps_of(handler: Generator[Any, Any, Any]) -> Generator[Any, Any]:
    """The values it yields, then the value it returns."""
    yield (yield from handler)
