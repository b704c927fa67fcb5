"""Events a second from the store to a local tool, by a worker that writes down each wave."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backstage_py.analytics import AnalyticsApi, RecordedEvent
from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.delivery.worker import Worker
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deliveries import DeliveryStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from benchmarks.load import event

EVENTS = 20_000


class _Sink(AnalyticsApi):
    taken = 0

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        self.taken += len(events)


def measure() -> Iterator[dict[str, Any]]:
    """For waves of 100 and of 1000 events."""
    for size in (100, 1_000):
        with tempfile.TemporaryDirectory() as folder:
            yield _deliver(Path(folder), size)


def _deliver(folder: Path, size: int) -> dict[str, Any]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{folder / 'events.db'}"})
    migrate(engine)
    store, deliveries, sink = EventStore(engine), DeliveryStore(engine), _Sink()
    deliveries.register("sink")
    now = datetime.now(UTC)
    for _ in range(0, EVENTS, 1_000):
        store.append([_recorded(now) for _ in range(1_000)])
    backend = Backend("sink", sink, DeliveryPolicy(batch_events=size))
    worker = Worker(backend, store, deliveries, Metrics())
    start = time.perf_counter()
    while worker.step(now) is None:
        pass
    seconds = time.perf_counter() - start
    engine.dispose()
    assert sink.taken == EVENTS
    return {
        "figure": "delivery to a local tool",
        "batch": size,
        "events_per_second": round(EVENTS / seconds),
    }


def _recorded(now: datetime) -> RecordedEvent:
    received = now.isoformat()
    return RecordedEvent.from_wire({**event(), "receivedAt": received, "sessionId": "visit"})
