"""Durable events a second over HTTP, on one core, with what they are measured against.

Raw SQLite commits the same rows into the same table, each batch with `synchronous=FULL`; the
minimal endpoint stores them unchecked, the bare one only their text (`benchmarks.servers`).
"""

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from benchmarks.load import Outcome, event, press, serving
from benchmarks.servers import INSERT, SERVER_CORE

SECONDS = 5.0
FLOOD_SECONDS = float(os.environ.get("FLOOD_SECONDS", "300"))
BATCHES = (20, 100)
_CLIENT_CORE = 1
_MEGABYTE = 1_048_576


def measure() -> Iterator[dict[str, Any]]:
    """Throughput and latency for each size of batch, then the memory under a flood."""
    cores = os.sched_getaffinity(0)
    for size in BATCHES:
        raw = _raw_sqlite(size)
        os.sched_setaffinity(0, {_CLIENT_CORE} & cores or cores)
        rates = {name: _served(name, size) for name in ("ours", "minimal", "bare")}
        ours = rates["ours"]
        paced = _served("ours", size, events_per_second=ours.rate / 2)
        os.sched_setaffinity(0, cores)
        yield {
            "figure": "durable ingest over HTTP",
            "batch": size,
            "events_per_second": round(ours.rate),
            "minimal_endpoint_events_per_second": round(rates["minimal"].rate),
            "bare_endpoint_events_per_second": round(rates["bare"].rate),
            "raw_sqlite_events_per_second": round(raw),
            "of_minimal_endpoint": round(ours.rate / rates["minimal"].rate, 2),
            "of_bare_endpoint": round(ours.rate / rates["bare"].rate, 2),
            "of_raw_sqlite": round(ours.rate / raw, 2),
            "half_load_p50_ms": round(paced.percentile(0.5), 1),
            "half_load_p99_ms": round(paced.percentile(0.99), 1),
        }
    yield _flood()


def _served(name: str, size: int, events_per_second: float | None = None) -> Outcome:
    with tempfile.TemporaryDirectory() as folder, serving(name, Path(folder)) as (port, _):
        press(port, size, 1)
        return press(port, size, SECONDS, events_per_second=events_per_second)


def _flood() -> dict[str, Any]:
    """More than can be taken, for minutes: what is too much is refused and not piled up."""
    with tempfile.TemporaryDirectory() as folder, serving("ours", Path(folder)) as (port, pid):
        press(port, 100, 5)
        before = _resident(pid)
        flood = press(port, 100, FLOOD_SECONDS)
        return {
            "figure": "memory under a flood",
            "seconds": round(flood.seconds),
            "events": flood.events,
            "refused_requests": flood.refused,
            "megabytes_before": round(before / _MEGABYTE),
            "megabytes_after": round(_resident(pid) / _MEGABYTE),
        }


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _raw_sqlite(size: int) -> float:
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVER_CORE} & cores or cores)
    batches = [[_row(event()) for _ in range(size)] for _ in range(100_000 // size)]
    with tempfile.TemporaryDirectory() as folder:
        connection = _open(Path(folder) / "raw.db")
        done = 0
        start = time.perf_counter()
        for batch in batches:
            connection.execute("BEGIN")
            connection.executemany(INSERT, batch)
            connection.execute("COMMIT")
            done += size
            if time.perf_counter() - start > SECONDS:
                break
        rate = done / (time.perf_counter() - start)
        connection.close()
    os.sched_setaffinity(0, cores)
    return rate


def _open(file: Path) -> sqlite3.Connection:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    migrate(engine)
    engine.dispose()
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _row(captured: dict[str, Any]) -> tuple[Any, ...]:
    context = captured["context"]
    return (
        *(captured["id"], captured["action"], captured["subject"]),
        *(orjson.dumps(captured["attributes"]).decode(), orjson.dumps(context).decode()),
        *(context["pluginId"], context["extension"], context["routeRef"]),
        *("2026-11-23 09:30:00.125", "2026-11-23 09:30:00.125"),
        *("visit", "user:default/guest", "browser"),
    )
