"""A backup under load, restored elsewhere: all that was acknowledged before it is there, once."""

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.conftest import PROJECT
from tests.faults.ledger import Books, Ledger, clients, lost_and_doubled
from tests.faults.portal import Portal

CLIENTS = 4
SECONDS = 1.0


def test_a_backup_under_load_holds_what_was_acknowledged_before(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    ledger, before = Ledger(), Ledger()
    portal = Portal(tmp_path / "old", {})
    portal.start()
    working = list(clients(portal.url, ledger, CLIENTS))
    time.sleep(SECONDS)
    with ledger.lock:
        before.acknowledged, before.captured = set(ledger.acknowledged), set(ledger.captured)
    _run(portal, "backup", tmp_path / "saved.tar.gz")
    for client in working:
        client.end()
    for client in working:
        client.join(30)
    portal.kill()

    restored = Portal(tmp_path / "new", {})
    _run(restored, "restore", tmp_path / "saved.tar.gz")
    restored.start()
    _wait_for_spool(restored)
    restored.stop()

    books = Books.read(restored.environment["DATABASE_URL"])
    assert before.acknowledged
    assert lost_and_doubled(before, books) == (0, 0)
    assert books.stored.keys() <= ledger.sent


def _run(portal: Portal, *command: object) -> None:
    subprocess.run(
        [sys.executable, "-m", "backstage_py", *map(str, command)],
        cwd=portal.folder,
        env={**os.environ, **portal.environment, "PYTHONPATH": str(PROJECT)},
        check=True,
    )


def _wait_for_spool(portal: Portal) -> None:
    """Wait until captures from just before the backup are stored after the start."""
    deadline = time.monotonic() + 20
    spool = portal.folder / ".backstage_py" / "spool"
    while any(file.stat().st_size for file in spool.glob("captures-*")):
        assert time.monotonic() < deadline
        httpx.get(f"{portal.url}/metrics", trust_env=False)
        time.sleep(0.05)
