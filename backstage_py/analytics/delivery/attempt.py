"""One attempt to deliver: calls a backend and returns the outcome of each event."""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.classify import classify
from backstage_py.analytics.errors import (
    DeliveryError,
    NotTriedError,
    PartlyDeliveredError,
    RetryLaterError,
    UnansweredError,
)
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.metrics.tracing import span

ABANDONED_CALLS = 3
"""How many calls of a backend may hang before it is no longer called."""

Outcomes = dict[str, DeliveryError | None]
"""The outcome by the event's id; None means delivered."""


class Caller:
    """Calls a backend in threads of its own, so that one that hangs does not delay the others."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._timeout_seconds = backend.policy.timeout
        self._abandoned: list[Future[None]] = []

    def deliver(self, events: Sequence[RecordedEvent]) -> Outcomes:
        """The outcome of each event; a refused batch is split to find the bad event."""
        try:
            self._call(events)
        except PartlyDeliveredError as error:
            return {event.id: _failure(error.failures, event) for event in events}
        except Exception as error:  # ruff: ignore[blind-except]
            verdict = classify(error)
            if len(events) > 1 and not isinstance(verdict, RetryLaterError | UnansweredError):
                return self._deliver_halves(events)
            return dict.fromkeys((event.id for event in events), verdict)
        return dict.fromkeys((event.id for event in events), None)

    def _deliver_halves(self, events: Sequence[RecordedEvent]) -> Outcomes:
        half = len(events) // 2
        outcomes = self.deliver(events[:half])
        stopped = {
            event.session_id
            for event in events[:half]
            if event.session_id and isinstance(outcomes[event.id], RetryLaterError)
        }
        following = [event for event in events[half:] if event.session_id not in stopped]
        behind = [event.id for event in events[half:] if event.session_id in stopped]
        if following:
            outcomes |= self.deliver(following)
        return outcomes | dict.fromkeys(behind, NotTriedError())

    def _call(self, events: Sequence[RecordedEvent]) -> None:
        self._abandoned = [call for call in self._abandoned if not call.done()]
        if len(self._abandoned) >= ABANDONED_CALLS:
            raise RetryLaterError(f"{len(self._abandoned)} earlier calls still hang")
        call: Future[None] = Future()
        threading.Thread(target=self._run, args=(call, events), daemon=True).start()
        try:
            call.result(self._timeout_seconds)
        except TimeoutError:
            if call.done():
                raise
            self._abandoned.append(call)
            raise RetryLaterError(f"no answer within {self._timeout_seconds:g} seconds") from None

    def _run(self, call: "Future[None]", events: Sequence[RecordedEvent]) -> None:
        try:
            with span("analytics.delivery.send", backend=self._backend.name, events=len(events)):
                self._backend.capture_events(events)
        except BaseException as error:  # ruff: ignore[blind-except]
            call.set_exception(error)
        else:
            call.set_result(None)


def _failure(failures: Mapping[str, Exception], event: RecordedEvent) -> DeliveryError | None:
    error = failures.get(event.id)
    return None if error is None else classify(error)
