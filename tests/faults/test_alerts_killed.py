"""Processes that are killed while an alert is due: each alert is sent once."""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics import EventStore, migrate, open_engine
from tests.conftest import PROJECT
from tests.faults.alerting import build_alerts
from tests.unit.analytics.recorded import recorded

KILLS = int(os.environ.get("ALERT_KILLS", "5"))
"""ALERT_KILLS=100 tries more; each takes a few seconds to start a process."""
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


class _Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        title = json.loads(self.rfile.read(length))["title"]
        self.server.titles.append(title)  # pyright: ignore[reportAttributeAccessIssue]
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # ruff: ignore[builtin-argument-shadowing]
        pass


@pytest.fixture
def receiver() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Receiver)
    server.titles = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.timeout(1_800)
def test_each_alert_is_sent_once_however_often_its_process_is_killed(
    tmp_path: Path, receiver: Any
) -> None:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(engine)
    now = datetime.now(UTC) - timedelta(minutes=5)
    EventStore(engine).append([recorded(timestamp=now, received_at=now)])
    url = f"json://127.0.0.1:{receiver.server_port}/"
    names = [f"alert {number}" for number in range(KILLS)]
    chance = random.Random(1)

    for name in names:
        _kill_while_due(tmp_path, url, name, chance.uniform(0, 0.25))
    last = build_alerts(tmp_path, url, *names, later=timedelta(minutes=10))
    last.step()

    told = Counter(receiver.titles)
    states = {owed.alert: owed.state for owed in last.messages(KILLS)}
    assert set(states) == set(names)
    assert max(told.values()) == 1
    assert {name for name in names if not told[name]} <= {
        name for name in names if states[name] == "unknown"
    }
    assert sum(state == "unknown" for state in states.values()) <= max(1, KILLS // 20)
    engine.dispose()


def _kill_while_due(folder: Path, url: str, name: str, seconds: float) -> None:
    command = [sys.executable, "-m", "tests.faults.alerting", str(folder), url, name]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)  # when it dies is the point
        process.kill()
