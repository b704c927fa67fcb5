"""A load on `/api/events`: connections that post batches, as fast as they are answered or paced."""

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from backstage_py.analytics.event import new_event_id

CONNECTIONS = 8
_START_SECONDS = 60


@dataclass
class Outcome:
    """What a load came to: how many events were acknowledged, and how long each answer took."""

    events: int = 0
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.seconds

    def percentile(self, share: float) -> float:
        """The latency in ms that this share of the answers stays below."""
        ordered = sorted(self.latencies)
        return ordered[int(share * (len(ordered) - 1))] * 1000


def event() -> dict[str, Any]:
    """A click as the portal captures it."""
    return {
        "id": new_event_id(),
        "action": "click",
        "subject": "Booking Service",
        "attributes": {"to": "/catalog/default/component/booking-service"},
        "context": {"pluginId": "catalog", "extension": "CatalogIndexPage", "routeRef": "catalog"},
        "timestamp": "2026-11-23T09:30:00.125Z",
    }


@contextmanager
def serving(name: str, folder: Path) -> Generator[tuple[int, int]]:
    """One of the servers of `benchmarks.servers`: its port and its process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "benchmarks.servers", name, str(folder), str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + _START_SECONDS
            while not _answers(port):
                assert time.monotonic() < deadline, f"{name} does not start"
                time.sleep(0.05)
            yield port, process.pid
        finally:
            process.kill()


def press(
    port: int, size: int, seconds: float, *, events_per_second: float | None = None
) -> Outcome:
    """Post batches of `size` events for some seconds; without a pace, as fast as it goes."""
    outcomes = [Outcome() for _ in range(CONNECTIONS)]
    interval = None if events_per_second is None else size * CONNECTIONS / events_per_second
    threads = [
        threading.Thread(target=_post, args=(port, size, seconds, interval, outcome))
        for outcome in outcomes
    ]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _sum(outcomes, time.perf_counter() - start)


def _post(port: int, size: int, seconds: float, interval: float | None, outcome: Outcome) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    template = event()
    id_ = template["id"].encode()
    text = orjson.dumps(template)
    end = time.perf_counter() + seconds
    due = time.perf_counter()
    while (now := time.perf_counter()) < end:
        if interval is not None:
            due += interval
            time.sleep(max(0.0, due - now))
        events = b",".join(text.replace(id_, new_event_id().encode()) for _ in range(size))
        begun = time.perf_counter()
        connection.request(
            "POST",
            "/api/events",
            b'{"sessionId":"visit","events":[' + events + b"]}",
            {"Content-Type": "application/json"},
        )
        answer = connection.getresponse()
        answer.read()
        if answer.status == http.client.OK:
            outcome.events += size
            outcome.latencies.append(time.perf_counter() - begun)
        else:
            outcome.refused += 1
    connection.close()


def _sum(outcomes: Sequence[Outcome], seconds: float) -> Outcome:
    return Outcome(
        events=sum(one.events for one in outcomes),
        seconds=seconds,
        latencies=[latency for one in outcomes for latency in one.latencies],
        refused=sum(one.refused for one in outcomes),
    )


def _answers(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request(
            "POST", "/api/events", b'{"events":[]}', {"Content-Type": "application/json"}
        )
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
