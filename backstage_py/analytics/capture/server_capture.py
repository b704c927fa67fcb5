"""Capturing from Python event handlers, in the context of what triggered them.

The compiled app sends the context of the triggering component along with each event; a Reflex
middleware removes it before the handler runs.
"""

import contextlib
import logging
from collections import OrderedDict
from collections.abc import Generator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from reflex.middleware.middleware import Middleware
from reflex_base.event.context import EventContext

from backstage_py.analytics.capture.dialect import Dialect
from backstage_py.analytics.consent.rules import Choice, parse_choice
from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import (
    DEFAULT_CONTEXT,
    AnalyticsEvent,
    parse_session_id,
    storable_fields,
)

if TYPE_CHECKING:
    from reflex.app import App
    from reflex.state import BaseState
    from reflex_base.event import Event

_logger = logging.getLogger(__name__)

CONTEXT_ARGUMENT = "analytics_context"
"""The argument that carries the context; no handler may have one of that name."""
REMEMBERED_EVENTS = 10_000
"""How many earlier events are kept, to find the one whose handler called this one."""


class ServerRecorder(Protocol):
    """The interface that captures in event handlers need; `Recorder` implements it."""

    @property
    def dialect(self) -> Dialect:
        """The dialect in which events name their place."""
        ...

    def record(self, event: AnalyticsEvent, *, session_id: str | None, user: str | None) -> None:
        """Record an event."""
        ...

    def count_robot(self) -> None:
        """Count an event of a robot, which is not recorded."""
        ...

    def person(self, capture_key: object, headers: Mapping[str, str]) -> str | None:
        """The user at capture time, by the browser's key, or without one by the headers."""
        ...

    def is_robot(self, headers: Mapping[str, str]) -> bool:
        """Whether a robot sent these headers and robots are refused."""
        ...

    def has_consent(self, headers: Mapping[str, str]) -> bool:
        """Whether the cookie and signals in the headers allow recording the sender."""
        ...

    def allows(self, headers: Mapping[str, str], choice: Choice | None) -> bool:
        """Whether a sender with this choice and these headers may be recorded."""
        ...


@dataclass(frozen=True, slots=True)
class ServerTracker:
    """Captures on the server, for the user and session of the running event handler."""

    recorder: ServerRecorder
    context: Mapping[str, Any] = field(default_factory=lambda: DEFAULT_CONTEXT)
    session_id: str | None = None
    user: str | None = None
    has_declined: bool = False
    is_robot: bool = False

    def capture_event(
        self,
        action: Any,
        subject: Any,
        *,
        value: Any = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        """Capture `action` on `subject`; never raises and never waits for the store.

        Nothing is recorded for people who opted out; robots are only counted.
        """
        if self.is_robot:
            self.recorder.count_robot()
        if self.is_robot or self.has_declined:
            return
        try:
            given = {"value": value, "attributes": attributes, "context": self.context}
            fields = storable_fields({"action": action, "subject": subject, **given})
            event = AnalyticsEvent(**fields)
            self.recorder.record(event, session_id=self.session_id, user=self.user)
        except Exception:
            _logger.warning("The event %r was not captured", action, exc_info=True)


_current: ContextVar[ServerTracker | None] = ContextVar("server_tracker", default=None)


def current_session_id() -> str | None:
    """The browser's id of the visit that the running event handler belongs to."""
    tracker = _current.get()
    return tracker.session_id if tracker else None


def current_server_tracker() -> ServerTracker | None:
    """The tracker of the event handler that is running, if one is."""
    return _current.get()


@contextlib.contextmanager
def tracking(tracker: ServerTracker) -> Generator[None]:
    """Use this tracker for captures inside the `with` block."""
    token = _current.set(tracker)
    try:
        yield
    finally:
        _current.reset(token)


class ServerCapture(Middleware):
    """Gives each event handler the tracker of the component that triggered it.

    A handler called by another one (`yield State.other`) has the context of its caller.
    """

    def __init__(self, recorder: ServerRecorder) -> None:
        self._recorder = recorder
        self._trackers: OrderedDict[str, ServerTracker] = OrderedDict()
        self._last_words: OrderedDict[str, Any] = OrderedDict()

    async def preprocess(self, app: "App", state: "BaseState", event: "Event") -> None:
        """Take the context out of the event's arguments and make it current."""
        running = EventContext.get()
        told = event.payload.pop(CONTEXT_ARGUMENT, None)
        tracker = self._trackers.get(running.parent_txid or "")
        if told is not None or tracker is None:
            tracker = self._tracker(
                told, event, has_consent=self._consent(told, event, running.token)
            )
        _remember(self._trackers, running.txid, tracker)
        _current.set(tracker)

    def find_tracker(self) -> ServerTracker | None:
        """The tracker of the event being handled, also after its handler failed."""
        return self._trackers.get(EventContext.get().txid)

    def _consent(self, told: Any, event: "Event", token: str) -> bool:
        """Whether the sender is recorded, by the tab's last known choice.

        The connection's cookie is as old as the connection; the person may have changed their mind
        since.
        """
        if told is not None:
            _remember(self._last_words, token, told)
        last = self._last_words.get(token)
        if last is False:
            return False
        headers = _headers(event)
        if not isinstance(last, Mapping):
            return self._recorder.has_consent(headers)
        return self._recorder.allows(headers, parse_choice(last.get("choice")))

    def _tracker(self, told: Any, event: "Event", *, has_consent: bool) -> ServerTracker:
        told = told if isinstance(told, Mapping) else {}
        headers = _headers(event)
        return ServerTracker(
            self._recorder,
            context=told.get("context") or self._recorder.dialect.outside,
            session_id=_session_id(told),
            user=self._recorder.person(told.get("captureKey"), headers),
            has_declined=not has_consent,
            is_robot=self._recorder.is_robot(headers),
        )


def _remember(memory: OrderedDict[str, Any], key: str, value: Any) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > REMEMBERED_EVENTS:
        memory.popitem(last=False)


def _headers(event: "Event") -> Mapping[str, str]:
    return (event.router_data or {}).get("headers", {})


def _session_id(told: Mapping[str, Any]) -> str | None:
    """The visit that the browser names, or None if that is not a session id."""
    try:
        return parse_session_id(told.get("sessionId"))
    except InvalidEventError:
        return None
