"""How long an operator waits: from `serve` to a portal that is ready, built before."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.served_app import build_portal, serve_portal

STARTS = 3
TARGET_SECONDS = 5.0


def measure() -> Iterator[dict[str, Any]]:
    """Seconds until the first answer: with an empty database, and with its catalog there."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATABASE_URL": f"sqlite:///{folder}/portal.db"}
        build = build_portal(environment, web_name="benchmarks")
        seconds = [
            _start(build, environment, Path(folder) / f"{number}.log")
            for number in range(1 + STARTS)
        ]
    yield {
        "benchmark": "serve",
        "first_start_seconds": round(seconds[0], 2),
        "next_starts_seconds": [round(one, 2) for one in seconds[1:]],
        "target_seconds": TARGET_SECONDS,
    }


def _start(build: Path, environment: dict[str, str], log: Path) -> float:
    started = time.perf_counter()
    with serve_portal(build, environment, log=log):
        return time.perf_counter() - started
