"""Serves the production build of a Reflex app for tests, and opens Chromium on it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock
from playwright.sync_api import Browser, Playwright

START_SECONDS = 120.0
"""Enough for a start on a slow machine."""

_PROJECT = Path(__file__).parent.parent
_PATHS = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}  # bun's too
_SERVING = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
}
"""What Reflex sets in the processes that serve what it has built."""
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",  # nothing leaves this machine
]


@contextlib.contextmanager
def serve(app: Path, environment: Mapping[str, str], *, web_name: str = "tests") -> Generator[str]:
    """Build the Reflex app in the folder `app`, if this run has not, and serve it.

    Gives its base URL. The build goes to `.web-{web_name}`, so that it does not disturb a
    running `make run`; the processes of a parallel test run share it, so that one name must
    always have the same configuration.

    Raises:
        RuntimeError: If the app does not build or does not answer in time; its output is in the
            message.
    """
    web = app / f".web-{web_name}"
    variables = {
        **os.environ,
        **_PATHS,
        "REFLEX_WEB_WORKDIR": web.name,
        "PYTHONPATH": f"{_PROJECT}{os.pathsep}{app}",
        **environment,
    }
    _build_once(app, web, variables)
    port = _free_port()
    log = app / f"{web.name}-{port}.log"
    module = f"{app.name}.{app.name}" if app != _PROJECT else "backstage_py.backstage_py"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [
                *_ending_with_parent(),
                *(sys.executable, "-m", "granian", "--interface", "asgi", "--factory"),
                *("--host", "127.0.0.1", "--port", str(port), f"{module}:app"),
            ],
            cwd=app,
            env={**variables, **_SERVING},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    base_url = f"http://localhost:{port}"
    try:
        _wait_until_ready(process, f"{base_url}/ping", log)
        yield base_url
    finally:
        _stop(process)
        log.unlink()


def _build_once(app: Path, web: Path, environment: Mapping[str, str]) -> None:
    """Build the app, unless another process of this test run has built it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    web.mkdir(exist_ok=True)
    stamp = app / f"{web.name}.built"
    with FileLock(app / f"{web.name}.lock"):
        if stamp.exists() and stamp.read_text(encoding="utf-8") == run:
            return
        export = ("-m", "reflex", "export", "--no-zip", "--env", "prod")
        built = subprocess.run(
            [*_ending_with_parent(), sys.executable, *export],
            cwd=app,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if built.returncode != 0:
            raise RuntimeError(f"the app was not built; its output:\n{built.stdout}")
        stamp.write_text(run, encoding="utf-8")


def _ending_with_parent() -> list[str]:
    """What lets Linux end a child when the tests are killed, so that nothing is left running."""
    return ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []


@contextlib.contextmanager
def chromium(playwright: Playwright) -> Generator[Browser]:
    """Debian's Chromium, headless."""
    browser = playwright.chromium.launch(**chromium_options())
    try:
        yield browser
    finally:
        browser.close()


def chromium_options() -> dict[str, Any]:
    """How Playwright has to launch it."""
    return {"executable_path": _chromium_path(), "args": _FLAGS}


def _chromium_path() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise RuntimeError("no Chromium found: install it (apt install chromium) or set CHROMIUM")
    return path


def _free_port() -> int:
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
