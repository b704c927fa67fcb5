"""Delivery: one worker per backend, run by one process at a time."""

import contextlib
import logging
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.clock import Clock, utc_now
from backstage_py.analytics.delivery.test_backends import TestBackends
from backstage_py.analytics.delivery.worker import Worker
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.periodic import Every
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deliveries import Backlog, DeliveryStore
from backstage_py.analytics.store.process_lock import ProcessLock

_logger = logging.getLogger(__name__)

POLL_SECONDS = 2.0
"""How often a worker looks for changes made by other processes."""
_LEAST_SECONDS = 0.001


class Delivery:
    """Delivers stored events to the backends without delaying the code that recorded them."""

    def __init__(
        self,
        backends: Sequence[Backend],
        events: EventStore,
        *,
        clock: Clock = utc_now,
        metrics: Metrics | None = None,
        on_work: Callable[[], None] = lambda: None,
    ) -> None:
        metrics = metrics or Metrics()
        self.deliveries = DeliveryStore(events.engine)
        self._events = events
        self._backends = tuple(backends)
        self._test_backends: TestBackends | None = None
        self._runners = [
            _Runner(Worker(backend, events, self.deliveries, metrics), self, clock, on_work)
            for backend in backends
        ]
        metrics.watch(_Backlogs(self.deliveries, clock))

    def start(self) -> None:
        """Begin to deliver; what is stored from now on is owed to each backend."""
        for runner in self._runners:
            with contextlib.suppress(SQLAlchemyError):
                runner.register()
            runner.every.start()

    def stored(self, events: Sequence[RecordedEvent]) -> None:
        """New events are in the store; returns at once."""
        if self._test_backends is not None:
            self._test_backends.dispatch(events)
            return
        for runner in self._runners:
            runner.every.wake()

    @contextlib.contextmanager
    def using(self, *backends: AnalyticsApi) -> Generator[None]:
        """Send events to these backends for now; the configured ones are not owed them."""
        self._test_backends = TestBackends(backends)
        try:
            yield
        finally:
            replaced, self._test_backends = self._test_backends, None
            replaced.close()
            for backend in self._backends:
                self.deliveries.skip(backend.name)

    @property
    def backend_names(self) -> frozenset[str]:
        """The backends by their names in the configuration."""
        return frozenset(backend.name for backend in self._backends)

    @property
    def is_replaced(self) -> bool:
        """Whether a test's backends replace the configured ones."""
        return self._test_backends is not None

    def close(self, timeout_seconds: float) -> None:
        """Deliver what is possible within a time limit; the rest stays owed."""
        deadline = time.monotonic() + timeout_seconds
        for runner in self._runners:
            runner.every.ask_to_stop()
        for runner in self._runners:
            runner.close(max(0.0, deadline - time.monotonic()))
        for backend in self._backends:
            with contextlib.suppress(Exception):
                backend.close()


class _Runner:
    """Calls a worker: one process at a time, and not while a test has its own backends."""

    def __init__(
        self, worker: Worker, delivery: Delivery, clock: Clock, on_work: Callable[[], None]
    ) -> None:
        self._worker = worker
        self._on_work = on_work
        self._delivery = delivery
        self._clock = clock
        self._lock = ProcessLock(delivery.deliveries.engine, f"delivery-{worker.name}")
        self._is_registered = False
        self.every = Every(
            POLL_SECONDS,
            self._work,
            f"analytics-delivery-{worker.name}",
            trouble=f"Delivery to {worker.name} waits",
            extra={"backend": worker.name},
        )

    def register(self) -> None:
        if not self._is_registered:
            self._delivery.deliveries.register(self._worker.name)
            self._is_registered = True

    def close(self, timeout_seconds: float) -> None:
        self.every.close(timeout_seconds)
        self._worker.close()
        self._lock.release()

    def _work(self) -> float | None:
        """Do a step; the seconds until the next one."""
        self.register()
        if self._delivery.is_replaced or not self._lock.acquire():
            return None
        pause = self._worker.step(self._clock())
        if pause is None:
            self._on_work()
            return 0
        if pause.until is None:
            return None
        # Never 0, even if it is due already: once asked to stop, it must not try for ever.
        seconds = (pause.until - self._clock()).total_seconds()
        return min(POLL_SECONDS, max(_LEAST_SECONDS, seconds))


class _Backlogs(Collector):
    """Figures of each backend, computed when they are read."""

    def __init__(self, deliveries: DeliveryStore, clock: Clock) -> None:
        self._deliveries = deliveries
        self._clock = clock

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing to check names with before there is a database."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The backlog of each backend; nothing while the database does not answer."""
        try:
            backlogs = self._deliveries.backlogs()
        except SQLAlchemyError as error:
            _logger.warning("The backlog cannot be read: %s", error)
            return
        now = self._clock()
        for name, help_text in _FIGURES.items():
            family = GaugeMetricFamily(f"analytics_delivery_{name}", help_text, labels=["backend"])
            for backlog in backlogs:
                family.add_metric([backlog.backend], _figures(backlog, now)[name])
            yield family


_FIGURES = {
    "owed": "Events that a backend has not been sent yet",
    "waiting": "Events that are tried again",
    "dead_letters": "Events that became dead letters",
    "tries": "Failures since the last success",
    "age_seconds": "How old the oldest missing event is",
}


def _figures(backlog: Backlog, now: datetime) -> dict[str, float]:
    oldest = backlog.oldest_owed or now
    return {
        "owed": backlog.owed,
        "waiting": backlog.waiting,
        "dead_letters": backlog.dead,
        "tries": backlog.cursor.failure.tries,
        "age_seconds": (now - oldest).total_seconds(),
    }
