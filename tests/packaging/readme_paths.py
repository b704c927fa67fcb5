"""The README's three paths, followed word for word in an empty environment: `make readme-paths`.

Only what a reader chooses is chosen here: ports, the name of the app, the address of their tool.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from backstage_py.analytics.testing import RecordingServer
from tests.conftest import PROJECT
from tests.served_app import chromium_options, free_port

INSTRUMENT = "Instrument your own app, in one line"
BACKEND = "Write your own backend, in ten lines"
COMMAND_SECONDS = 600
START_SECONDS = 300
EVENT_SECONDS = 60
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: str, heading: str, language: str) -> list[str]:
    """The blocks of code in a language below a heading of a page."""
    text = (PROJECT / page).read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return [code for found, code in _FENCE.findall(section) if found == language]


@dataclass(frozen=True)
class Shell:
    """A folder, and the commands of a virtual environment in it."""

    folder: Path
    variables: Mapping[str, str]

    def run(self, script: str) -> str:
        """What a script of the page prints."""
        done = subprocess.run(
            ["bash", "-euc", script],
            cwd=self.folder,
            env=dict(self.variables),
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    @contextlib.contextmanager
    def serving(self, command: str, url: str) -> Generator[None]:
        """Until the end of the block, a command that serves this address."""
        log = self.folder / "serving.log"
        with log.open("w", encoding="utf-8") as output:
            process = subprocess.Popen(
                ["bash", "-euc", command],
                cwd=self.folder,
                env=dict(self.variables),
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            wait_until(lambda: process.poll() is not None or answers(url), START_SECONDS)
            assert process.poll() is None, log.read_text(encoding="utf-8")
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)


def answers(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url, timeout=30).is_success
    return False


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.5)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return chromium_options()


@pytest.fixture(scope="module")
def my_app(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A new app in an empty virtual environment; pip finds this package as if it was published."""
    home, wheels = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("wheels")
    build = [PROJECT / "tests" / "packaging" / "build-wheel", wheels]
    subprocess.run(build, check=True, env={**os.environ, "PYTHON": sys.executable})
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    tools = home / "tools"
    tools.mkdir()
    bun = Path(sys.executable).with_name("bun")  # which Reflex would download
    (tools / "bun").symlink_to(bun)
    variables = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "PATH": os.pathsep.join((str(home / "venv" / "bin"), str(tools), os.environ["PATH"])),
        "PIP_FIND_LINKS": str(wheels),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
    }
    folder = home / "my_app"
    folder.mkdir()
    return begin(Shell(folder, variables))


def begin(shell: Shell) -> Shell:
    """Install the library and make the app, as far as both paths go together."""
    (install, _) = blocks("README.md", INSTRUMENT, "sh")
    shell.run(install)
    shell.run("reflex init --name my_app --template blank")
    shell.write("rxconfig.py", blocks("README.md", INSTRUMENT, "python")[0])
    return shell


@pytest.mark.timeout(900)
def test_my_reflex_app(my_app: Shell, browser: Browser) -> None:
    (_, read) = blocks("README.md", INSTRUMENT, "sh")
    (rxconfig, line, _) = blocks("README.md", INSTRUMENT, "python")
    frontend, backend = free_port(), free_port()
    run = f"reflex run --frontend-port {frontend} --backend-port {backend}"
    url = f"http://localhost:{frontend}"

    with my_app.serving(run, url):
        browser.new_page().goto(url)
        wait_until(lambda: ",navigate,/," in my_app.run(read), EVENT_SECONDS)

    (with_dashboard,) = blocks("docs/dashboard.md", "Who the users are", "python")
    assert line.strip().removeprefix("plugins = [").removesuffix("]") == with_dashboard.strip()
    my_app.run('pip install "backstage_py[insights]"')
    my_app.write("my_app/auth.py", "def identify(headers):\n    return headers.get('x-user')\n")
    my_app.write("rxconfig.py", re.sub(r"plugins=\[.*\]", line.strip().replace(" ", ""), rxconfig))

    with my_app.serving(run, url):
        page = browser.new_page()
        page.goto(f"{url}/insights")
        sections = page.get_by_role("navigation", name="Sections of this page")
        expect(sections.get_by_role("link").first).to_have_text("Overview", timeout=60_000)


@pytest.mark.timeout(900)
def test_a_backend_of_mine_and_its_test(my_app: Shell) -> None:
    (backend,) = blocks("README.md", BACKEND, "python")
    (configuration,) = blocks("README.md", BACKEND, "yaml")
    (deliveries,) = blocks("README.md", BACKEND, "sh")
    (test,) = blocks("README.md", "Test your events", "python")
    my_app.write("examples/webhook.py", backend)
    my_app.write("test_deployments.py", test)
    frontend, server = free_port(), free_port()
    run = f"reflex run --frontend-port {frontend} --backend-port {server}"
    event = {"id": "0193a5c8-7f00-7000-8000-000000000001", "action": "click", "subject": "Order"}

    my_app.run("pip install pytest && pytest -q test_deployments.py")
    with RecordingServer() as tool:
        my_app.write(
            "app-config.yaml", configuration.replace("https://events.example.com", tool.url)
        )
        with my_app.serving(run, f"http://localhost:{server}/ping"):
            httpx.post(f"http://localhost:{server}/api/events", json={"events": [event]})
            wait_until(lambda: "Order" in str([got.body for got in tool.requests]), EVENT_SECONDS)

    assert "webhook" in my_app.run(deliveries)


@pytest.mark.timeout(1_800)
def test_a_developer_portal(tmp_path: Path, browser: Browser) -> None:
    follow_the_portal(check_out(tmp_path), browser)


def check_out(folder: Path) -> Shell:
    """The files that git knows, without the environment that these tests run in."""
    known = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    for name in known.stdout.split("\0")[:-1]:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / name, folder / name)
    path = [part for part in os.environ["PATH"].split(os.pathsep) if ".venv" not in part]
    return Shell(folder, {**os.environ, "PATH": os.pathsep.join(path), "PYTHONPATH": ""})


def follow_the_portal(shell: Shell, browser: Browser) -> None:
    (_, run, export) = blocks("README.md", "Run it", "sh")
    ask = blocks("README.md", "Ask what is used", "sh")[0]
    port = free_port()
    url = f"http://localhost:{port}"

    with shell.serving(run.replace("4000", str(port)), f"{url}/readyz"):
        page = browser.new_page()
        page.goto(url)
        page.get_by_role("link", name="Catalog").first.click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        wait_until(lambda: ",click,Catalog," in shell.run(export), EVENT_SECONDS)
        assert "catalog" in shell.run(f". .venv/bin/activate\n{ask}")
