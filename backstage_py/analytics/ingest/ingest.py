"""Ingest: one writing thread, so that events of many senders share one commit.

A batch of a browser is answered when it is durable. A capture of an event handler is
not answered: it waits in the spool until it is stored, however long that takes.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics.clock import Clock, utc_now
from backstage_py.analytics.errors import StoreUnavailableError
from backstage_py.analytics.event import AnalyticsEvent, Origin, RecordedEvent, new_event_id
from backstage_py.analytics.ingest.addresses import DEFAULT_ADDRESSES, Addresses
from backstage_py.analytics.ingest.batch import Batch
from backstage_py.analytics.ingest.pipeline import (
    EventAppender,
    IngestReport,
    Intake,
    Sender,
    append_each,
)
from backstage_py.analytics.ingest.spool import Spool
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.metrics.tracing import span
from backstage_py.analytics.store import Stored
from backstage_py.analytics.store.tallies import Tallies, Tally

_logger = logging.getLogger(__name__)

COMMIT_EVENTS = 1_000
"""The maximum number of events per commit, so that no answer waits long."""
SIBLINGS_SECONDS = 0.002
"""How long a commit waits for as many senders as shared the last one, under load.

PostgreSQL's `commit_delay` is the same: a commit costs more than what it commits.
"""
WAITING_CAPTURES = 20_000
"""The maximum number of handler captures in memory while the store is unavailable."""
RETRY_SECONDS = 1.0


@dataclass(slots=True)
class _Posted:
    """A batch that somebody waits for."""

    batch: Batch
    sender: Sender
    received_at: datetime
    report: Future[IngestReport] = field(default_factory=Future[IngestReport])

    def __len__(self) -> int:
        return len(self.batch.items)


@dataclass(slots=True)
class _Captured:
    """Events of the server itself."""

    events: list[RecordedEvent]

    def __len__(self) -> int:
        return len(self.events)

    @property
    def received_at(self) -> datetime:
        """When the first of them was captured."""
        return self.events[0].received_at


_Work: TypeAlias = _Posted | _Captured


@dataclass(frozen=True, slots=True)
class Queue:
    """The events not committed yet: their number, and since when the oldest waits."""

    events: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class WriterHealth:
    """The state of the writing thread; `failed_seconds`: how long ago its last commit failed."""

    is_alive: bool
    waiting_seconds: float
    failed_seconds: float | None


class Ingest:
    """Takes events in from any thread.

    Args:
        store: The store that events are written to.
        spool: What keeps captures of event handlers until they are stored.
        on_stored: Called in the writing thread with the new events of each commit.
        clock: The time.
        metrics: The counters to update.
        tallies: Counts the events that were not accepted.
        list_declined: Returns those of the given users who opted out; called in the writing
            thread, and may raise as the store does.
        addresses: Cleans addresses before they are recorded.
    """

    def __init__(
        self,
        store: EventAppender,
        *,
        spool: Spool | None = None,
        on_stored: Callable[[Sequence[RecordedEvent]], None] = lambda _events: None,
        clock: Clock = utc_now,
        metrics: Metrics | None = None,
        tallies: Tallies | None = None,
        list_declined: Callable[[Collection[str]], Collection[str]] = lambda _users: (),
        addresses: Addresses = DEFAULT_ADDRESSES,
    ) -> None:
        self.app_version: str | None = None  # of what the server itself captures
        self._store = store
        self._spool = spool
        self._on_stored = on_stored
        self._clock = clock
        self._metrics = metrics or Metrics()
        self._tallies = tallies
        self._list_declined = list_declined
        self._addresses = addresses
        self._changed = threading.Condition()
        self._waiting: deque[_Work] = deque()
        self._taken: list[_Work] = []
        self._siblings = 1
        self._waiting_captures = 0
        self._closing = False
        self._failed_at: float | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start writing, first what dead processes left; the first event starts it too.

        A thread does not survive a fork: the process that serves has to start it.
        """
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="analytics-ingest", daemon=True
                )
                self._thread.start()

    def submit(self, batch: Batch, sender: Sender) -> "Future[IngestReport]":
        """Accept a batch; the report is ready when the accepted events are durable.

        The future raises StoreUnavailableError if nothing of it was stored, and it may be
        sent again.
        """
        work = _Posted(batch, sender, self._clock())
        self._enqueue(work)
        return work.report

    def ingest(self, batch: Batch, sender: Sender) -> IngestReport:
        """Accept a batch and wait for the report.

        Raises:
            StoreUnavailableError: If nothing of it was stored.
        """
        return self.submit(batch, sender).result()

    def count_refused_origin(self) -> None:
        """Count a request from another site, whose events are not accepted."""
        self._metrics.refused_origins.inc()

    def count_robots(self, events: int) -> None:
        """Count events of robots, which are not accepted."""
        self._metrics.captured.labels("browser").inc(events)
        self._metrics.robots.inc(events)
        if self._tallies:
            self._tallies.count(Tally.ROBOTS, events, self._clock())

    def record(
        self,
        event: AnalyticsEvent,
        *,
        session_id: str | None,
        user: str | None,
        origin: Origin = "server",
    ) -> None:
        """Record an event of the server itself; returns before it is in the store.

        Raises:
            StoreUnavailableError: If too many are waiting already.
        """
        now = self._clock()
        attributes = None if event.attributes is None else dict(event.attributes)
        self._addresses.clean(attributes)
        recorded = RecordedEvent(
            action=event.action,
            subject=self._addresses.cleaned(event.subject),
            value=event.value,
            attributes=attributes,
            context=event.context,
            id=new_event_id(),
            timestamp=now,
            received_at=now,
            session_id=session_id,
            user=user,
            origin=origin,
            app_version=self.app_version,
        )
        self._metrics.captured.labels("server").inc()
        if self._waiting_captures >= WAITING_CAPTURES:
            self._metrics.lost.inc()
            raise StoreUnavailableError
        if self._spool:
            self._spool.add(recorded)
        self._enqueue(_Captured([recorded]))

    def queue(self) -> Queue:
        """The events that wait for their commit or are being committed."""
        with self._changed:
            works = [*self._taken, *self._waiting]
        oldest = min((work.received_at for work in works), default=None)
        return Queue(sum(map(len, works)), oldest)

    def health(self) -> WriterHealth:
        """The state of the writing thread."""
        oldest, failed_at = self.queue().oldest, self._failed_at
        waiting = (self._clock() - oldest).total_seconds() if oldest else 0.0
        return WriterHealth(
            is_alive=self._thread is not None and self._thread.is_alive(),
            waiting_seconds=max(0.0, waiting),
            failed_seconds=None if failed_at is None else time.monotonic() - failed_at,
        )

    def has_died(self) -> bool:
        """Whether the writing thread ended without being asked to."""
        return self._thread is not None and not self._closing and not self._thread.is_alive()

    def close(self, timeout_seconds: float | None = None) -> None:
        """Store what waits within a time limit; the rest of the captures stay in the spool."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is None:
            return
        self._thread.join(timeout_seconds)
        if self._spool and not self._thread.is_alive():
            self._spool.close()

    def _enqueue(self, work: _Work) -> None:
        self.start()
        with self._changed:
            if self._closing:
                raise StoreUnavailableError
            if isinstance(work, _Captured):
                self._waiting_captures += len(work)
            self._waiting.append(work)
            # Wake the writer for the first batch, and when as many wait as shared the last
            # commit; a wake-up per batch would cost more than the work.
            if len(self._waiting) in {1, self._siblings}:
                self._changed.notify_all()

    def _run(self) -> None:
        recovered = self._recover()
        while (group := self._next_group(None if recovered else RETRY_SECONDS)) is not None:
            # Read before the commit: what arrives at the close meanwhile gets a try of its own.
            is_last_try = self._closing
            try:
                self._commit(group)
            except SQLAlchemyError as error:
                _logger.warning(
                    "The event store accepts nothing now: %s",
                    error,
                    extra={"events": sum(map(len, group))},
                )
                self._failed_at = time.monotonic()
                self._put_off(group, is_last_try=is_last_try)
            except Exception:
                _logger.exception("Ingest failed")
                self._failed_at = time.monotonic()
                self._put_off(group, is_last_try=is_last_try)
            else:
                self._failed_at = None
            recovered = recovered or self._recover()

    def _recover(self) -> bool:
        """Store what dead processes captured but did not store; False to try again later."""
        # Before anything else, so that events keep their order across a restart.
        try:
            for events in self._spool.leftovers() if self._spool else ():
                wanted = self._without_declined(_Captured(events)).events
                for start in range(0, len(wanted), COMMIT_EVENTS):
                    self._append(wanted[start : start + COMMIT_EVENTS])
                if events:
                    _logger.info("Recovered %d captures of a process that died", len(events))
        except (OSError, SQLAlchemyError) as error:
            _logger.warning("Captures of a process that died wait: %s", error)
            return False
        return True

    def _next_group(self, timeout_seconds: float | None) -> list[_Work] | None:
        """The events of the next commit, none if time is up; None when all is done."""
        with self._changed:
            group: list[_Work] = []
            self._taken = group
            self._changed.wait_for(lambda: self._waiting or self._closing, timeout_seconds)
            if self._closing and not self._waiting:
                return None
            self._changed.wait_for(
                lambda: self._closing or len(self._waiting) >= self._siblings, SIBLINGS_SECONDS
            )
            # The size of this group is the guess for the next one. A lone sender never waits,
            # since one batch is all that is expected then.
            self._siblings = max(1, len(self._waiting))
            size = 0
            while self._waiting and size < COMMIT_EVENTS:
                group.append(self._waiting.popleft())
                size += len(group[-1])
            return group

    def _commit(self, group: Sequence[_Work]) -> None:
        # Here and not in the request: the choice of an account needs the database, and one
        # look-up serves the whole group.
        declined = self._list_declined(_users(group))
        intakes = [_take_in(work, declined, self._addresses) for work in group]
        events = [event for intake in intakes for event in intake.events]
        outcomes = self._append(events)
        start = 0
        for work, intake in zip(group, intakes, strict=True):
            own = outcomes[start : start + len(intake.events)]
            start += len(own)
            if isinstance(work, _Posted) and isinstance(intake, Intake):
                self._answer(work, intake.report(own))
            else:
                self._settle(len(work))
        if self._tallies:
            self._tallies.write()

    def _without_declined(self, captured: _Captured) -> _Captured:
        return _wanted(captured, self._list_declined(_users([captured])))

    def _append(self, events: Sequence[RecordedEvent]) -> Sequence[Stored | Exception]:
        if not events:
            return ()
        with span("analytics.ingest.commit", events=len(events)):
            outcomes = append_each(self._store, events)
        new = [event for event, one in zip(events, outcomes, strict=True) if one is Stored.NEW]
        # What browsers bring is counted with its report.
        self._metrics.accepted.inc(sum(event.origin != "browser" for event in new))
        if new:
            self._on_stored(new)
        return outcomes

    def _answer(self, work: _Posted, report: IngestReport) -> None:
        self._metrics.count(report, work.batch.dropped)
        if self._tallies:
            rejected = 0 if report.declined else len(report.rejected)
            self._tallies.count(Tally.REJECTED, rejected, work.received_at)
            self._tallies.count(Tally.DROPPED, work.batch.dropped, work.received_at)
        if work.report.set_running_or_notify_cancel():
            work.report.set_result(report)

    def _settle(self, captures: int) -> None:
        with self._changed:
            self._waiting_captures -= captures
        if self._spool:
            self._spool.settle(captures)

    def _put_off(self, group: Sequence[_Work], *, is_last_try: bool) -> None:
        """Asks senders to retry; captures of handlers, which have no sender to retry, wait."""
        kept = [work for work in group if isinstance(work, _Captured)]
        for work in group:
            if isinstance(work, _Posted) and work.report.set_running_or_notify_cancel():
                work.report.set_exception(StoreUnavailableError())
        if is_last_try:
            return
        with self._changed:
            self._taken = []
            self._waiting.extendleft(reversed(kept))
            if kept:
                self._changed.wait_for(lambda: self._closing, timeout=RETRY_SECONDS)


def _users(group: Sequence[_Work]) -> set[str]:
    """The batches whose events are to be stored."""
    found = {work.sender.user for work in group if isinstance(work, _Posted)}
    captured = (work.events for work in group if isinstance(work, _Captured))
    found.update(event.user for events in captured for event in events)
    return {user for user in found if user}


def _take_in(work: _Work, declined: Collection[str], addresses: Addresses) -> Intake | _Captured:
    """The events to store; none of people who opted out."""
    if isinstance(work, _Captured):
        return _wanted(work, declined)
    has_declined = work.sender.has_declined or work.sender.user in declined
    sender = replace(work.sender, has_declined=has_declined)
    return Intake(work.batch, sender, work.received_at, addresses)


def _wanted(captured: _Captured, declined: Collection[str]) -> _Captured:
    return _Captured([event for event in captured.events if event.user not in declined])
