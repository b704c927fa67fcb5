"""Running parts with a database of its own, whose deliveries a test arranges by hand."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics import (
    AnalyticsApi,
    Backlog,
    DeliveryState,
    PendingDelivery,
    RecordedEvent,
    Runtime,
)
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deliveries import Cursor, Failure
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from backstage_py.plugins.health.service import BackendHealth
from tests.unit.analytics.recorded import NOON


class Idle(AnalyticsApi):
    """Is configured, and never called."""

    def capture_event(self, event: RecordedEvent) -> None:
        raise AssertionError


class Desk:
    """The running parts, and what a worker would have written down about backends."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.deliveries = runtime.deliveries

    def register(self, *backends: str) -> None:
        for backend in backends:
            self.deliveries.register(backend)

    def park(
        self, backend: str, state: DeliveryState, *events: RecordedEvent, **failure: Any
    ) -> None:
        """Store events, and let the backend's cursor go past them without their delivery."""
        store = self.runtime.store
        before = store.last_position()
        store.append(events)
        stored = store.after(before, len(events))
        parked = [
            PendingDelivery(backend, one.position, one.id, "visit", state, Failure(**failure))
            for one in stored
        ]
        self.deliveries.settle(backend, cursor=Cursor(store.last_position()), parked=parked)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Two backends are configured, `picky` and `warehouse`; none is registered yet."""
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(engine)
    backends = {name: {"use": "tests.unit.plugins.health.conftest:Idle"} for name in _NAMES}
    config = Config({"app": {"analytics": {**backends, "read": ["user:default/ann"]}}})
    yield Desk(Runtime(config, EventStore(engine)))
    engine.dispose()


_NAMES = ("picky", "warehouse")


def standing(
    name: str = "picky", *, is_configured: bool = True, retry_in: float | None = None, **fields: Any
) -> BackendHealth:
    """A backend in the state that a test gives."""
    retry_at = None if retry_in is None else NOON + timedelta(seconds=retry_in)
    failure = Failure(
        tries=fields.pop("tries", 0), retry_at=retry_at, reason=fields.pop("reason", None)
    )
    counts = {"owed": 0, "waiting": 0, "dead": 0, "dropped": 0, "oldest_owed": None, **fields}
    return BackendHealth(Backlog(name, Cursor(0, failure), **counts), is_configured)
