"""Delivers to one backend: new events in their order, and failed ones until they are taken.

The state is in the database alone; a step may be interrupted anywhere and is then done again,
which is what at-least-once means.

- A batch that fails as a whole leaves the cursor where it is: the backend is down. After a
  pause that grows, a single event is tried (a half-open circuit breaker).
- An event that fails while others are taken is parked, and those of its session behind it,
  so that they keep their order; the cursor goes on.
- Sample data is skipped.
- Events refused for good go to the dead letters at once; those that keep failing go there after the
  policy's number of tries and its time.
- An event that must not be sent twice counts as refused for good if no answer came, and the backend
  is paused as if it were down.
"""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile

from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.delivery.attempt import Caller, Outcomes
from backstage_py.analytics.errors import (
    DeliveryError,
    HeldError,
    NotTriedError,
    NotWantedError,
    RejectedError,
    RetryLaterError,
    UnansweredError,
)
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.store import EventStore, StoredEvent
from backstage_py.analytics.store.deliveries import (
    Cursor,
    DeliveryState,
    DeliveryStore,
    Failure,
    PendingDelivery,
)
from backstage_py.analytics.store.sample import is_sample

_logger = logging.getLogger(__name__)

SUSPECT_TRIES = 3
"""After this many failures of one event alone, another one is tried in its place."""
MOST_ASKED_SECONDS = 3_600
"""The longest pause that a backend may ask for; a longer one is treated as a mistake."""
HELD_SECONDS = 30
"""How often all held events are checked for their user."""
_BROKEN_ROW = "The event's row in the store is broken"


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing to do until a moment, or until there is something new."""

    until: datetime | None = None


class Worker:
    """One backend's deliveries; `step` is called by one thread at a time."""

    def __init__(
        self, backend: Backend, events: EventStore, deliveries: DeliveryStore, metrics: Metrics
    ) -> None:
        self.name = backend.name
        self._backend = backend
        self._policy = backend.policy
        self._events = events
        self._deliveries = deliveries
        self._metrics = metrics
        self._caller = Caller(backend)
        self._lanes = ThreadPoolExecutor(backend.policy.concurrency, f"analytics-{backend.name}")
        self._batch_events = backend.policy.batch_events

    def step(self, now: datetime) -> Pause | None:
        """Do one wave of deliveries; None if there may be more to do at once."""
        cursor = self._deliveries.cursor(self.name)
        retry_at = cursor.failure.retry_at
        if retry_at is not None and retry_at > now:
            return Pause(retry_at)
        if cursor.failure.tries:
            # It failed last time: a single event shows cheaply whether it is back, and, being
            # alone, whether this event is to blame.
            self._batch_events = 1
        due = self._deliveries.due(self.name, now)
        # Held events first: they are checked without calling the backend, and must not count as
        # its failures.
        if self._hold_on(due, now):
            return None
        if due:
            self._retry(_first_group(due), now)
            return None
        if self._deliver_owed(cursor, now):
            return None
        return Pause(self._deliveries.next_retry(self.name))

    def close(self) -> None:
        """Start no further deliveries."""
        self._lanes.shutdown(wait=False, cancel_futures=True)

    def _deliver_owed(self, cursor: Cursor, now: datetime) -> bool:
        """Deliver a wave of the events above the cursor; False if there are none."""
        lanes = self._policy.concurrency if self._batch_events > 1 else 1
        stored = self._events.after(cursor.position, self._batch_events * lanes)
        if not stored:
            return False
        parked = self._unsendable(stored, now)
        held = {one.position for one in parked}
        wave = [one for one in stored if one.position not in held and not _is_sample_data(one)]
        outcomes = self._send(wave)
        if _is_down(outcomes):
            # Nothing was taken, so the cursor must not pass these events: parking all of them
            # would turn an outage into thousands of rows.
            head = wave[0]
            failure = self._failed(cursor.failure, outcomes[head.id], now)
            before = [one for one in parked if one.position < head.position]
            self._back_off(cursor, head, failure, before, now)
            return True
        parked += self._not_taken(wave, outcomes, now)
        is_all = len(stored) < self._batch_events * lanes
        failure = self._rest(now) if is_all else Failure()
        # After an outage the batches grow step by step, so as not to flood what just came back.
        self._batch_events = min(self._batch_events * 4, self._policy.batch_events)
        if unanswered := _first_unanswered(outcomes):
            failure = self._failed(cursor.failure, unanswered, now)
            self._batch_events = 1
        self._settle(Cursor(stored[-1].position, failure), parked)
        return True

    def _rest(self, now: datetime) -> Failure:
        """Pause to gather more events; nothing has failed."""
        interval = timedelta(seconds=self._policy.interval)
        return Failure(retry_at=now + interval if interval else None)

    def _unsendable(self, stored: Sequence[StoredEvent], now: datetime) -> list[PendingDelivery]:
        """Events that wait for their user or behind an event of their session; and broken rows."""
        events = [one.event for one in stored if one.event]
        sessions = {event.session_id for event in events if event.session_id}
        # Behind an event of their session that waits, others wait too: tools read the order of a
        # visit from the order of delivery.
        blocked = self._deliveries.blocked_sessions(self.name, sessions)
        held = self._backend.held(events)
        parked: list[PendingDelivery] = []
        for one in stored:
            if one.event is None:
                parked.append(self._row(one, DeliveryState.DEAD, Failure(reason=_BROKEN_ROW)))
            elif one.event.session_id in blocked:
                parked.append(self._row(one, DeliveryState.WAITING, Failure()))
            elif one.id in held:
                parked.append(self._parked(one, HeldError(), Failure(), now))
                blocked |= {one.event.session_id} - {None}
        return parked

    def _back_off(
        self,
        cursor: Cursor,
        head: StoredEvent,
        failure: Failure,
        before: Sequence[PendingDelivery],
        now: datetime,
    ) -> None:
        """The backend takes nothing: pause, unless only the event at the cursor is to blame."""
        self._batch_events = 1
        _logger.warning(
            "%s accepts nothing, try %d: %s",
            self.name,
            failure.tries,
            failure.reason,
            extra={"backend": self.name, "tries": failure.tries},
        )
        if failure.tries > SUSPECT_TRIES and self._pass_by(head, failure, before, now):
            return
        if not self._gives_up(failure, now):
            self._settle(cursor=replace(cursor, failure=failure))
            return
        parked = [*before, self._row(head, DeliveryState.DEAD, failure)]
        self._settle(Cursor(head.position, Failure(retry_at=failure.retry_at)), parked)

    def _pass_by(
        self, head: StoredEvent, failure: Failure, before: Sequence[PendingDelivery], now: datetime
    ) -> bool:
        """Try an event of another session; if that is taken, the one at the cursor is parked.

        An event that a tool answers with 500 each time looks like a tool that is down. The only
        way to tell is to send another one, and of another session, so that no order is broken.
        """
        following = self._events.after(head.position, self._policy.batch_events)
        held = {one.position: one for one in self._unsendable(following, now)}
        parked = [*before, self._row(head, DeliveryState.WAITING, failure)]
        for one in following:
            if _is_sample_data(one):
                continue
            if one.position in held:
                parked.append(held[one.position])
            elif _session(one) == _session(head) is not None:
                parked.append(self._row(one, DeliveryState.WAITING, Failure()))
            else:
                outcomes = self._send([one])
                if _is_down(outcomes):
                    return False
                parked += self._not_taken([one], outcomes, now)
                self._settle(Cursor(one.position), parked)
                return True
        return False

    def _hold_on(self, due: Sequence[PendingDelivery], now: datetime) -> bool:
        """Keep holding events whose user is still unknown; False if there are none."""
        if not (due and self._backend.requires_users):
            return False
        failures = {one.position: one.failure for one in due if one.failure.tries}
        stored = self._events.at(list(failures))
        held = self._backend.held([one.event for one in stored if one.event])
        parked = [
            self._parked(one, HeldError(), failures[one.position], now)
            for one in stored
            if one.id in held
        ]
        self._settle(parked=parked)
        return bool(parked)

    def _retry(self, due: Sequence[PendingDelivery], now: datetime) -> None:
        """Try parked events of one session again."""
        stored = {one.position: one for one in self._events.at([one.position for one in due])}
        gone = [one.position for one in due if one.position not in stored]
        outcomes = self._send(list(stored.values()))
        parked = [
            self._parked(stored[one.position], error, one.failure, now)
            for one in due
            if one.position in stored and (error := outcomes[one.event_id]) is not None
        ]
        failed = {one.position for one in parked}
        delivered = [position for position in stored if position not in failed]
        self._settle(parked=parked, delivered=[*delivered, *gone])

    def _send(self, stored: Sequence[StoredEvent]) -> Outcomes:
        """The outcome of each event; events of a session are sent in order."""
        outcomes: Outcomes = {
            one.id: RejectedError(_BROKEN_ROW) for one in stored if one.event is None
        }
        lanes: dict[int, list[RecordedEvent]] = {}
        for event in (one.event for one in stored if one.event):
            lanes.setdefault(hash(event.session_id) % self._policy.concurrency, []).append(event)
        calls = (
            self._lanes.map(self._caller.deliver, lanes.values())
            if len(lanes) > 1
            else map(self._caller.deliver, lanes.values())
        )
        for call in calls:
            outcomes |= call
        failed = sum(error is not None for error in outcomes.values())
        self._metrics.delivered.labels(self.name).inc(len(outcomes) - failed)
        self._metrics.failed.labels(self.name).inc(failed)
        return outcomes

    def _not_taken(
        self, wave: Sequence[StoredEvent], outcomes: Outcomes, now: datetime
    ) -> list[PendingDelivery]:
        """The events to park from a wave that was sent for the first time."""
        errors = ((one, outcomes[one.id]) for one in wave)
        return [
            self._parked(one, error, Failure(), now) for one, error in errors if error is not None
        ]

    def _parked(
        self, stored: StoredEvent, error: DeliveryError, before: Failure, now: datetime
    ) -> PendingDelivery:
        """The row of an event that was not accepted: it waits, or is finished."""
        failure = self._failed(before, error, now)
        if isinstance(error, HeldError):
            state = DeliveryState.DROPPED if self._gives_up(failure, now) else DeliveryState.WAITING
            return self._row(stored, state, failure)
        if isinstance(error, NotWantedError):
            self._metrics.unwanted.labels(self.name).inc()
            return self._row(stored, DeliveryState.DROPPED, failure)
        if isinstance(error, RetryLaterError) and not self._gives_up(failure, now):
            return self._row(stored, DeliveryState.WAITING, failure)
        return self._row(stored, DeliveryState.DEAD, failure)

    def _gives_up(self, failure: Failure, now: datetime) -> bool:
        return self._policy.gives_up(failure.tries, now - (failure.failing_since or now))

    def _settle(
        self,
        cursor: Cursor | None = None,
        parked: Sequence[PendingDelivery] = (),
        delivered: Sequence[int] = (),
    ) -> None:
        self._deliveries.settle(self.name, cursor=cursor, parked=parked, delivered=delivered)
        for one in parked:
            if one.state is DeliveryState.DEAD:
                self._metrics.dead.labels(self.name).inc()
                _logger.warning(
                    "%s was given up: %s",
                    one.event_id,
                    one.failure.reason,
                    extra={"backend": self.name, "event_id": one.event_id},
                )

    def _failed(self, before: Failure, error: DeliveryError | None, now: datetime) -> Failure:
        if isinstance(error, NotTriedError):
            return before
        tries = before.tries + 1
        pause = self._policy.pause(tries).total_seconds()
        if isinstance(error, HeldError):
            pause = HELD_SECONDS - now.timestamp() % HELD_SECONDS
        if isinstance(error, RetryLaterError) and error.after_seconds is not None:
            pause = max(pause, min(error.after_seconds, MOST_ASKED_SECONDS))
        return Failure(
            tries=tries,
            failing_since=before.failing_since or now,
            retry_at=now + timedelta(seconds=pause),
            reason=None if error is None else error.reason,
        )

    def _row(self, stored: StoredEvent, state: DeliveryState, failure: Failure) -> PendingDelivery:
        return PendingDelivery(
            self.name, stored.position, stored.id, _session(stored), state, failure
        )


def _is_down(outcomes: Outcomes) -> bool:
    """Whether no event was taken, but all may be taken later."""
    return bool(outcomes) and all(isinstance(one, RetryLaterError) for one in outcomes.values())


def _first_unanswered(outcomes: Outcomes) -> UnansweredError | None:
    return next((one for one in outcomes.values() if isinstance(one, UnansweredError)), None)


def _is_sample_data(stored: StoredEvent) -> bool:
    """Whether the event is sample data, which is not sent to backends."""
    return is_sample(_session(stored))


def _session(stored: StoredEvent) -> str | None:
    return stored.event.session_id if stored.event else None


def _first_group(due: Sequence[PendingDelivery]) -> list[PendingDelivery]:
    """The events of one session to try: the first alone if it failed, else all that never did."""
    head = due[0]
    if head.failure.tries or head.session_id is None:
        return [head]
    same = (one for one in due if one.session_id == head.session_id)
    return list(takewhile(lambda one: one.failure.tries == 0, same))
