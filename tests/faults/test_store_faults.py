"""A database that is full, locked or read-only: nothing acknowledged is lost, and it goes on."""

import resource
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from backstage_py.analytics.event import new_event_id
from tests.faults.ledger import Books
from tests.faults.portal import Portal
from tests.faults.sink import open_sink

Start = Callable[..., Portal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    portals: list[Portal] = []

    def start_portal(tools: dict[str, Any] | None = None, **environment: str) -> Portal:
        config = {"app": {"analytics": {**(tools or {}), "read": ["*"]}}}
        portal = Portal(tmp_path, config, **environment)
        portal.start()
        portals.append(portal)
        return portal

    yield start_portal
    for portal in portals:
        portal.kill()


def events(count: int, size: int = 1) -> list[dict[str, Any]]:
    """Events with texts of a size in characters."""
    return [{"id": new_event_id(), "action": "click", "subject": "x" * size} for _ in range(count)]


def post(portal: Portal, batch: list[dict[str, Any]]) -> httpx.Response:
    return httpx.post(
        f"{portal.url}/api/events", json={"events": batch}, timeout=30, trust_env=False
    )


def capture(portal: Portal, subject: str) -> None:
    httpx.post(
        f"{portal.url}/capture", params={"subject": subject}, trust_env=False
    ).raise_for_status()


def require_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["error"]["field"] == "store"


def test_a_full_disk_is_reported_and_survived(start: Start) -> None:
    portal = start()
    acknowledged = events(5)
    assert post(portal, acknowledged).json()["accepted"] == 5
    size = portal.folder.joinpath("events.db-wal").stat().st_size

    _limit_files(portal, size + 8_192)
    refused = events(100, size=2_000)
    require_unavailable(post(portal, refused))
    capture(portal, "while it was full")
    _limit_files(portal, resource.RLIM_INFINITY)

    assert post(portal, refused).json()["accepted"] == 100
    portal.stop()
    books = Books.read(portal.environment["DATABASE_URL"])
    assert books.stored.keys() == {event["id"] for event in [*acknowledged, *refused]}
    assert books.captured == {"while it was full": 1}


def test_a_locked_database_is_reported_and_survived(start: Start) -> None:
    portal, batch = start(), events(3)
    capture(portal, "before")
    with sqlite3.connect(portal.folder / "events.db", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        capture(portal, "while it was locked")
        require_unavailable(post(portal, batch))
        other.execute("ROLLBACK")
    other.close()

    assert post(portal, batch).json()["accepted"] == 3
    portal.stop()
    books = Books.read(portal.environment["DATABASE_URL"])
    assert books.captured == {"before": 1, "while it was locked": 1}


def test_a_read_only_database_can_be_read_and_says_what_it_is(start: Start, tmp_path: Path) -> None:
    writable, batch = start(), events(2)
    post(writable, batch)
    writable.stop()

    portal = start(DATABASE_URL=f"sqlite:///file:{tmp_path / 'events.db'}?mode=ro&uri=true")

    require_unavailable(post(portal, events(1)))
    answer = httpx.get(f"{portal.url}/api/events", trust_env=False)
    assert {item["id"] for item in answer.json()["items"]} == {event["id"] for event in batch}
    assert "readonly" in portal.folder.joinpath("portal.log").read_text()


def test_an_invalid_database_is_reported_and_survived(start: Start, tmp_path: Path) -> None:
    file = tmp_path / "events.db"
    file.write_bytes(b"this is not a database" * 100)

    portal = start()
    require_unavailable(post(portal, events(1)))
    file.unlink()

    _wait_until(lambda: post(portal, events(1)).is_success)


def test_being_asked_to_stop_delivers_what_is_owed(start: Start) -> None:
    with open_sink() as sink:
        portal = start({"tool": {"use": "tests.faults.sink:SinkApi", "url": sink.url}})
        batch = events(300)
        post(portal, batch)

        portal.stop()

        assert set(sink.taken) == {event["id"] for event in batch}


def test_a_tool_that_does_not_answer_does_not_keep_it_from_stopping(start: Start) -> None:
    with open_sink() as sink:
        sink.moods = ("hang",)
        portal = start({"tool": {"use": "tests.faults.sink:SinkApi", "url": sink.url}})
        batch = events(3)
        post(portal, batch)

        assert portal.stop() < 15

        states = Books.read(portal.environment["DATABASE_URL"]).states["tool"]
        assert states == {event["id"]: "owed" for event in batch}


def _limit_files(portal: Portal, size: int) -> None:
    resource.prlimit(portal.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.1)
