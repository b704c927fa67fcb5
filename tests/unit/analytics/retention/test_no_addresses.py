"""Whence a request comes is nowhere kept: not in a table, not in the spool, not in the log."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics.capture.server_capture import ServerTracker
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.event import new_event_id
from backstage_py.analytics.runtime import Runtime
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate

ADDRESS, BEHIND_PROXY = "203.0.113.77", "198.51.100.23"
PROXIED = {
    "X-Forwarded-For": BEHIND_PROXY,
    "X-Real-IP": BEHIND_PROXY,
    "Forwarded": f"for={BEHIND_PROXY}",
    "CF-Connecting-IP": BEHIND_PROXY,
}


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    monkeypatch.chdir(tmp_path)
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(engine)
    guest = {"providers": {"guest": {"auto": True}}}
    runtime = Runtime(Config({"auth": guest}), EventStore(engine))
    runtime.start()
    yield runtime
    runtime.close()
    engine.dispose()


def requests(runtime: Runtime) -> TestClient:
    app = Starlette(routes=[runtime.endpoint().route("/api/events")])
    return TestClient(app, client=(ADDRESS, 50_000), headers=PROXIED)


def everything(runtime: Runtime, folder: Path, log: str) -> str:
    tables = MetaData()
    tables.reflect(runtime.store.engine)
    with runtime.store.engine.connect() as connection:
        rows = [
            str(tuple(row))
            for table in tables.sorted_tables
            for row in connection.execute(select(table))
        ]
    files = [path.read_bytes().decode(errors="replace") for path in folder.rglob("*.jsonl")]
    return "\n".join([*rows, *files, log])


def test_neither_the_senders_address_nor_the_proxied_one_is_kept(
    runtime: Runtime, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sender = requests(runtime)
    event = {"id": new_event_id(), "action": "click", "subject": "Docs"}

    sender.post("/api/events", json={"events": [event, {"id": "bad"}, {**event, "subject": "x"}]})
    sender.post("/api/events", content=b"{", headers={"Content-Type": "application/json"})
    sender.post("/api/events", json={"events": [event]}, headers={"User-Agent": "Googlebot/2.1"})
    sender.get("/api/events?limit=0")
    runtime.people_records.erase("user:default/ada", [], runtime.store.read().events[0].timestamp)

    kept = everything(runtime, tmp_path, caplog.text)
    assert "Docs" in kept
    assert ADDRESS not in kept
    assert BEHIND_PROXY not in kept


def test_what_waits_in_the_spool_has_no_address_either(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_events: Any) -> Any:
        raise OperationalError("INSERT", {}, Exception("away"))

    monkeypatch.setattr(runtime.store, "append", refuse)
    user = runtime.recorder.identify({**PROXIED, "cookie": ""})
    ServerTracker(runtime.recorder, user=user).capture_event("deploy", "ledger")

    (spool,) = (tmp_path / ".backstage_py" / "spool").glob("*.jsonl")
    kept = spool.read_text(encoding="utf-8")
    assert "ledger" in kept
    assert BEHIND_PROXY not in kept


def test_a_robots_handlers_capture_nothing(runtime: Runtime) -> None:
    tracker = ServerTracker(runtime.recorder, is_robot=True)

    tracker.capture_event("deploy", "ledger")

    assert b"analytics_events_of_robots_total 1.0" in runtime.metrics.to_text()
    assert runtime.store.count() == 0
