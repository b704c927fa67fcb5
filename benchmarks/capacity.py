"""What a number of people needs: the costs of one event, a model, and the model tried out.

CPU times are the server's own, from the system, so that they hold on a busy machine too.
docs/capacity.md has the model in words.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import press, serving

SIZES = (1, 2, 10, 20, 100)
PACE = 400.0
"""Requests a second while costs are measured: far below what the server can take."""
SECONDS = 5.0
SIMULATED_SECONDS = 20.0
USERS = (1_000, 100_000, 1_000_000)
"""People a month that are simulated; what a larger number needs is calculated."""
EVENTS_PER_REQUEST = 2
"""What a browser has gathered when it sends: a click, and the navigate that it leads to."""


@dataclass(frozen=True)
class Model:
    """How often people come and what they do.

    Attributes:
        visits: Visits of a person a month.
        events: Events of a visit.
        busy_seconds: The part of a month in which people work: 22 days of 8 hours.
        peak: How many times the busiest minute is above the mean of that time.
    """

    visits: float = 8
    events: float = 20
    busy_seconds: float = 22 * 8 * 3600
    peak: float = 5

    def events_a_month(self, users: int) -> float:
        """Events of that many monthly users in a month."""
        return users * self.visits * self.events

    def peak_events_per_second(self, users: int) -> float:
        """Events a second in the busiest minute."""
        return self.events_a_month(users) / self.busy_seconds * self.peak


@dataclass(frozen=True)
class Cost:
    """What an event costs the server."""

    cpu_microseconds: float
    store_bytes: float


def measure() -> Iterator[dict[str, Any]]:
    """The cost of an event by the size of its request; then predicted and measured CPU."""
    costs: dict[int, Cost] = {}
    for size in SIZES:
        cost = costs[size] = _cost(size)
        yield {
            "figure": "capacity: cost of an event",
            "batch": size,
            "cpu_microseconds": round(cost.cpu_microseconds, 1),
            "events_per_core_second": round(1_000_000 / cost.cpu_microseconds),
            "store_bytes": round(cost.store_bytes),
        }
    model, cost = Model(), costs[EVENTS_PER_REQUEST]
    for users in USERS:
        rate = model.peak_events_per_second(users)
        yield {
            "figure": "capacity: the busiest minute",
            "monthly_users": users,
            "events_per_second": round(rate, 1),
            "predicted_cpu_of_a_core": round(rate * cost.cpu_microseconds / 1_000_000, 4),
            **_simulate(rate),
            "gigabytes_a_month": round(model.events_a_month(users) * cost.store_bytes / 1e9, 3),
        }


def _cost(size: int) -> Cost:
    with tempfile.TemporaryDirectory() as name, serving("ours", Path(name)) as (port, pid):
        folder = Path(name)
        press(port, size, 1, events_per_second=PACE * size)
        cpu, stored = _cpu_seconds(pid), _bytes_in(folder)
        done = press(port, size, SECONDS, events_per_second=PACE * size)
        return Cost(
            (_cpu_seconds(pid) - cpu) * 1_000_000 / done.events,
            (_bytes_in(folder) - stored) / done.events,
        )


def _simulate(rate: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name, serving("ours", Path(name)) as (port, pid):
        press(port, EVENTS_PER_REQUEST, 1, events_per_second=rate)
        cpu = _cpu_seconds(pid)
        done = press(port, EVENTS_PER_REQUEST, SIMULATED_SECONDS, events_per_second=rate)
        return {
            "measured_events_per_second": round(done.rate, 1),
            "measured_cpu_of_a_core": round((_cpu_seconds(pid) - cpu) / done.seconds, 4),
            "p99_ms": round(done.percentile(0.99), 1),
            "refused_requests": done.refused,
        }


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _bytes_in(folder: Path) -> int:
    """The size of the database, without the log that is written back into it."""
    return (folder / "ours.db").stat().st_size
