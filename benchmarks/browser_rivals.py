"""Ours beside PostHog, Segment, Snowplow and Mixpanel, in one run of Chromium.

The cost of a capture call, the size of the bundle, and the long tasks of a flood of
events. Each tracker runs as it comes; what it sends goes to a local server.
"""

import gzip
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks import browser_size
from benchmarks.own_bundle import bundle_own
from benchmarks.rivals.sink import Sink

ROUNDS = 3
WARM_UP_BURSTS = 20
BURSTS = 40
BURST_EVENTS = 10  # as in measure.js
FLOOD_EVENTS = 1_000
ARRIVAL_SECONDS = 60.0
OURS = "ours"
RIVALS = {
    "posthog": "posthog-js",
    "segment": "@segment/analytics-next",
    "snowplow": "@snowplow/browser-tracker",
    "mixpanel": "mixpanel-browser",
}

_FOLDER = Path(__file__).with_name("rivals")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@dataclass(slots=True)
class Costs:
    """What was measured of one tracker, in milliseconds."""

    calls: list[float] = field(default_factory=list)
    tasks: list[float] = field(default_factory=list)
    floods: list[list[float]] = field(default_factory=list)


def measure() -> Iterator[dict[str, Any]]:
    """Each figure for ours, then for each rival with the ratio of ours to it."""
    trackers = [OURS, *(RIVALS if _install() else ())]
    bundles = {tracker: _bundle(tracker) for tracker in trackers}
    yield from _compare("bundle size", {name: _size(name, bundles[name]) for name in trackers})
    costs = _run(bundles)
    yield from _compare("capture call", {name: _call(costs[name]) for name in trackers})
    yield from _compare("long tasks", {name: _flood(costs[name]) for name in trackers})


def _compare(figure: str, found: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """A line for each tracker; those of rivals have our share of theirs."""
    ours = found[OURS]
    for tracker, values in found.items():
        line = {"figure": figure, "tracker": RIVALS.get(tracker, "backstage_py"), **values}
        if tracker != OURS:
            key = next(iter(values)) if figure != "long tasks" else "longest_ms"
            line["ours_to_this"] = round(ours[key] / values[key], 3) if values[key] else None
        yield line


def _install() -> bool:
    try:
        _bun("install", "--frozen-lockfile", "--silent")
    except (OSError, subprocess.SubprocessError):
        print("The rivals are left out: bun could not install them", file=sys.stderr)
        return False
    return True


def _bundle(tracker: str) -> bytes:
    if tracker == OURS:
        return bundle_own(tracker).encode()
    return _bun("build", f"{tracker}.js", "--minify", "--target=browser", "--format=esm")


def _bun(*arguments: str) -> bytes:
    environment = {**os.environ, "PATH": _PATH}
    command = [shutil.which("bun", path=_PATH) or "bun", *arguments]
    return subprocess.run(
        command, cwd=_FOLDER, env=environment, capture_output=True, check=True, timeout=120
    ).stdout


def _run(bundles: dict[str, bytes]) -> dict[str, Costs]:
    costs = {tracker: Costs() for tracker in bundles}
    visits = {f"{tracker}-{turn}": tracker for turn in range(ROUNDS) for tracker in bundles}
    with Sink(_files(bundles, visits)) as sink, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=_FLAGS
        )
        for visit, tracker in visits.items():
            _visit(browser, sink, visit, costs[tracker])
        browser.close()
    return costs


def _files(bundles: dict[str, bytes], visits: dict[str, str]) -> dict[str, bytes]:
    """What the server serves: for each visit a folder of its own."""
    shared = {
        name: (_FOLDER / name).read_bytes()
        for name in ("page.html", "measure.js", "first_event.js")
    }
    return {
        f"/{visit}/{name}": content
        for visit, tracker in visits.items()
        for name, content in {**shared, "tracker.js": bundles[tracker]}.items()
    }


def _visit(browser: Browser, sink: Sink, visit: str, costs: Costs) -> None:
    """Measure one tracker in a browser that has not seen it."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{sink.server_port}/{visit}/page.html")
        page.wait_for_function("crossOriginIsolated && globalThis.capture && globalThis.flood")
        page.evaluate("bursts", WARM_UP_BURSTS)
        expected = 1 + WARM_UP_BURSTS * BURST_EVENTS
        _wait_for_arrival(page, sink, visit, expected)
        for call, task in page.evaluate("bursts", BURSTS):
            costs.calls.append(call)
            costs.tasks.append(task)
        expected += BURSTS * BURST_EVENTS
        _wait_for_arrival(page, sink, visit, expected)
        page.evaluate("flood", FLOOD_EVENTS)
        _wait_for_arrival(page, sink, visit, expected + FLOOD_EVENTS)
        costs.floods.append(page.evaluate("longTasks"))


def _wait_for_arrival(page: Page, sink: Sink, visit: str, expected: int) -> None:
    for _ in range(int(ARRIVAL_SECONDS * 10)):
        page.wait_for_timeout(100)
        if sink.arrived(visit) == expected:
            return
    raise RuntimeError(f"{visit}: {sink.arrived(visit)} of {expected} events arrived")


def _size(tracker: str, bundle: bytes) -> dict[str, Any]:
    """Of ours the whole runtime, of which the entry here has only the half without React."""
    if tracker == OURS:
        return {"gzip_bytes": browser_size.measure_whole()["gzip_bytes"]}
    return {"gzip_bytes": len(gzip.compress(bundle, 9))}


def _call(costs: Costs) -> dict[str, Any]:
    return {
        "median_ms": round(statistics.median(costs.calls), 4),
        "max_ms": round(max(costs.calls), 4),
        "whole_task_median_ms": round(statistics.median(costs.tasks), 4),
    }


def _flood(costs: Costs) -> dict[str, Any]:
    return {
        "events": FLOOD_EVENTS,
        "long_tasks": statistics.median(len(flood) for flood in costs.floods),
        "longest_ms": max((task for flood in costs.floods for task in flood), default=0),
    }
