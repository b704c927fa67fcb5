"""Durable events a second through ingest, against raw SQLite with the same rows.

Both commit each batch with `synchronous=FULL` before they go on.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from backstage_py.analytics.event import new_event_id
from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.pipeline import Sender
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate

SECONDS = 3.0
_SENDER = Sender("visit", "user:default/guest", "browser")


def measure() -> Iterator[dict[str, Any]]:
    """For batches of 20 and of 100 events."""
    for size in (20, 100):
        with tempfile.TemporaryDirectory() as folder:
            ours = _rate(size, _ingest(Path(folder) / "ours.db"))
            raw = _rate(size, _raw_sqlite(Path(folder) / "raw.db"))
        yield {
            "figure": "durable ingest",
            "batch": size,
            "events_per_second": round(ours),
            "raw_sqlite_events_per_second": round(raw),
            "ratio": round(ours / raw, 2),
        }


def _rate(size: int, store: Callable[[list[dict[str, Any]]], object]) -> float:
    batches = [[_event() for _ in range(size)] for _ in range(2_000)]
    done = 0
    start = time.perf_counter()
    for batch in batches:
        store(batch)
        done += len(batch)
        if time.perf_counter() - start > SECONDS:
            break
    return done / (time.perf_counter() - start)


def _event() -> dict[str, Any]:
    return {
        "id": new_event_id(),
        "action": "click",
        "subject": "Booking Service",
        "attributes": {"to": "/catalog/default/component/booking-service"},
        "context": {"pluginId": "catalog", "extension": "CatalogIndexPage", "routeRef": "catalog"},
        "timestamp": "2026-11-23T09:30:00.125Z",
    }


def _ingest(file: Path) -> Callable[[list[dict[str, Any]]], object]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    migrate(engine)
    ingest = Ingest(EventStore(engine))
    return lambda batch: ingest.ingest(batch, _SENDER)


def _raw_sqlite(file: Path) -> Callable[[list[dict[str, Any]]], object]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    migrate(engine)
    engine.dispose()
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")

    def insert(batch: list[dict[str, Any]]) -> None:
        connection.execute("BEGIN")
        connection.executemany(_INSERT, [_row(event) for event in batch])
        connection.execute("COMMIT")

    return insert


_INSERT = """
INSERT INTO analytics_event
    (id, action, subject, attributes, context, plugin_id, extension, route_ref,
     timestamp, received_at, session_id, user, origin)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO NOTHING
"""


def _row(event: dict[str, Any]) -> tuple[Any, ...]:
    context = event["context"]
    return (
        *(event["id"], event["action"], event["subject"]),
        *(orjson.dumps(event["attributes"]).decode(), orjson.dumps(context).decode()),
        *(context["pluginId"], context["extension"], context["routeRef"]),
        *("2026-11-23 09:30:00.125", "2026-11-23 09:30:00.125"),
        *("visit", "user:default/guest", "browser"),
    )
