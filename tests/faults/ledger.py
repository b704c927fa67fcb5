"""The ledger: what was sent, what was acknowledged, and what became of it."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import text

from backstage_py.analytics.event import new_event_id
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deliveries import DeliveryStore
from backstage_py.analytics.store.engine import open_engine

BATCH_EVENTS = 20
PAUSE_SECONDS = 0.02
POISON = 0.0005


@dataclass
class Ledger:
    """The events that clients sent and that were acknowledged."""

    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    captured: set[str] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


class Client(threading.Thread):
    """Sends batches until each is acknowledged, as a browser's outbox does."""

    def __init__(self, url: str, ledger: Ledger, number: int) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._ledger = ledger
        self._session_id = f"client-{number}"
        self._ending = threading.Event()

    def end(self) -> None:
        """Send what has been begun, then nothing more."""
        self._ending.set()

    def run(self) -> None:
        """Send one batch after the other, and a capture of the server's after each."""
        number = 0
        with httpx.Client(base_url=self._url, timeout=10, trust_env=False) as client:
            while not self._ending.is_set():
                self._send(client, [self._event() for _ in range(BATCH_EVENTS)])
                number += 1
                self._capture(client, f"{self._session_id}-{number}")
                time.sleep(PAUSE_SECONDS)

    def send_once(self) -> None:
        """Send one batch from the calling thread."""
        with httpx.Client(base_url=self._url, timeout=10, trust_env=False) as client:
            self._send(client, [self._event() for _ in range(BATCH_EVENTS)])

    def _event(self) -> dict[str, Any]:
        subject = "poison" if random.random() < POISON else "fine"
        return {"id": new_event_id(), "action": "click", "subject": subject}

    def _send(self, client: httpx.Client, events: Sequence[dict[str, Any]]) -> None:
        ids = {event["id"] for event in events}
        with self._ledger.lock:
            self._ledger.sent |= ids
        body = {"events": events, "sessionId": self._session_id}
        while True:
            answer = _try(lambda: client.post("/api/events", json=body))
            if answer is not None and answer.status_code == httpx.codes.OK:
                report = answer.json()
                assert report["accepted"] + report["duplicates"] == len(events), report
                with self._ledger.lock:
                    self._ledger.acknowledged |= ids
                return
            time.sleep(0.01)

    def _capture(self, client: httpx.Client, subject: str) -> None:
        """A capture is made once: who gets no answer does not know."""
        answer = _try(lambda: client.post("/capture", params={"subject": subject}))
        if answer is not None and answer.is_success:
            with self._ledger.lock:
                self._ledger.captured.add(subject)


def _try(send: Any) -> httpx.Response | None:
    try:
        return send()
    except httpx.TransportError:
        return None


@dataclass(frozen=True)
class Books:
    """The contents of the database at the end."""

    stored: Counter[str]
    captured: Counter[str]
    states: dict[str, dict[str, str]]

    @classmethod
    def read(cls, url: str) -> "Books":
        """Read a portal's database; each event has one state per backend."""
        engine = open_engine({"DATABASE_URL": url})
        events, deliveries = EventStore(engine), DeliveryStore(engine)
        stored = list(events.after(0, 10_000_000))
        states: dict[str, dict[str, str]] = {}
        for backend in deliveries.backends():
            position = deliveries.cursor(backend).position
            parked = {one.position: one.state.value for one in deliveries.list(limit=10_000_000)
                      if one.backend == backend}  # fmt: skip
            states[backend] = {
                one.id: parked.get(one.position, "owed" if one.position > position else "delivered")
                for one in stored
            }
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        engine.dispose()
        captured = [one.event.subject for one in stored if one.event and _is_servers(one)]
        posted = [one.id for one in stored if not _is_servers(one)]
        return cls(Counter(posted), Counter(captured), states)


def _is_servers(stored: Any) -> bool:
    return stored.event is not None and stored.event.origin == "server"


def lost_and_doubled(ledger: Ledger, books: Books) -> tuple[int, int]:
    """The numbers of acknowledged events that are not stored, and that are stored twice."""
    lost = len(ledger.acknowledged - books.stored.keys()) + len(
        ledger.captured - books.captured.keys()
    )
    doubled = sum(count - 1 for count in (books.stored + books.captured).values())
    return lost, doubled


def clients(url: str, ledger: Ledger, count: int) -> Iterator[Client]:
    """Clients at work."""
    for number in range(count):
        client = Client(url, ledger, number)
        client.start()
        yield client
