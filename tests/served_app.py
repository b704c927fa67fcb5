"""Serves the production build of a Reflex app for tests, and opens Chromium on it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import httpx
from playwright.sync_api import Browser, Playwright

START_SECONDS = 280.0
"""Enough for the first build on a slow, busy machine; a start takes seconds after that."""

_PROJECT = Path(__file__).parent.parent
_PATHS = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}  # bun's too
_ENDING_WITH_PARENT = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
"""Lets Linux end an app when the tests are killed, so that nothing is left running."""
WITH_WINDOWS = ("chromium", "google-chrome")
"""Programs of Chromium with all that people have, as the cache of pages for going back."""
_BROWSERS = ("chromium-headless-shell", *WITH_WINDOWS)
"""The shell takes half the time for a page: it has pages only, and no window around them."""
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # Nothing leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost",
]


@contextlib.contextmanager
def serve(
    app: Path,
    environment: Mapping[str, str],
    *,
    web_name: str = "tests",
    ping: str = "/ping",
) -> Generator[str]:
    """Build and serve the Reflex app in the folder `app` on one port; gives its base URL.

    The build goes to `.web-{web_name}`, so that it does not disturb a running `make run`.

    Raises:
        RuntimeError: If the app does not answer in time; its output is in the message.
    """
    port = free_port()
    command = [
        *("run", "--env", "prod", "--single-port"),
        *("--backend-port", str(port), "--frontend-port", str(port)),
    ]
    url = f"http://localhost:{port}"
    with run_reflex(app, command, environment, web_name=web_name, ready=f"{url}{ping}"):
        yield url


@contextlib.contextmanager
def run_reflex(
    app: Path,
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    web_name: str,
    ready: str,
) -> Generator[Path]:
    """Run a `reflex` command in the folder `app` until `ready`, an address, answers; gives its log.

    Raises:
        RuntimeError: If it does not answer in time; the output is in the message.
    """
    web = app / f".web-{web_name}"
    web.mkdir(exist_ok=True)
    log = app / f"{web.name}.log"  # beside it: the first build replaces the folder
    variables = reflex_environment(app, environment, web_name=web_name)
    with _run(["reflex", *command], app, variables, ready=ready, log=log):
        yield log


def build_portal(environment: Mapping[str, str], *, web_name: str) -> Path:
    """Compile the portal into `.web-{web_name}`, which it gives.

    Raises:
        RuntimeError: If the compiler fails; its output is in the message.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        process = _start(
            ["backstage_py", "build"],
            _PROJECT,
            reflex_environment(_PROJECT, environment, web_name=web_name),
            output,
        )
        try:
            status = process.wait(START_SECONDS)
        finally:
            _stop(process)
        if status != 0:
            output.seek(0)
            raise RuntimeError(f"the portal was not built:\n{output.read()}")
    return _PROJECT / f".web-{web_name}"


@contextlib.contextmanager
def serve_portal(build: Path, environment: Mapping[str, str], *, log: Path) -> Generator[str]:
    """Serve what `build_portal` gave, and write its output to `log`; gives the base URL.

    Raises:
        RuntimeError: If the portal does not answer in time; its output is in the message.
    """
    port = free_port()
    url = f"http://localhost:{port}"
    command = ["backstage_py", "serve", "--port", str(port)]
    web_name = build.name.removeprefix(".web-")
    variables = reflex_environment(_PROJECT, environment, web_name=web_name)
    with _run(command, _PROJECT, variables, ready=f"{url}/ping", log=log):
        yield url


@contextlib.contextmanager
def _run(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], *, ready: str, log: Path
) -> Generator[None]:
    """Run a Python module with its arguments until `ready` answers."""
    with log.open("w", encoding="utf-8") as output:
        process = _start(command, folder, variables, output)
    try:
        _wait_until_ready(process, ready, log)
        yield
    finally:
        _stop(process)


def _start(
    command: Sequence[str], folder: Path, variables: Mapping[str, str], output: TextIO
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*_ENDING_WITH_PARENT, sys.executable, "-m", *command],
        cwd=folder,
        env=dict(variables),
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def reflex_environment(
    app: Path, environment: Mapping[str, str], *, web_name: str
) -> dict[str, str]:
    """The variables that Reflex's command line has in the tests, and those of `environment`."""
    return {
        **os.environ,
        **_PATHS,
        "REFLEX_WEB_WORKDIR": f".web-{web_name}",
        "PYTHONPATH": f"{_PROJECT}{os.pathsep}{app}",
        **environment,
    }


@contextlib.contextmanager
def chromium(playwright: Playwright) -> Generator[Browser]:
    """Debian's Chromium, headless."""
    browser = playwright.chromium.launch(**chromium_options())
    try:
        yield browser
    finally:
        browser.close()


def chromium_options(names: Sequence[str] = _BROWSERS) -> dict[str, Any]:
    """How Playwright has to launch it; of `names` the first that is installed."""
    return {"executable_path": _chromium_path(names), "args": _FLAGS}


def _chromium_path(names: Sequence[str]) -> str:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise RuntimeError("no Chromium found: install it (apt install chromium) or set CHROMIUM")
    return path


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url).is_success:
                return
        time.sleep(0.2)
    raise RuntimeError(f"the app did not start; its output:\n{log.read_text(encoding='utf-8')}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
