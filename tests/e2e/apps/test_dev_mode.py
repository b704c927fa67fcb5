"""`reflex run`, as a developer uses it all day: hot reload, and React's StrictMode."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from backstage_py.analytics import migrate, open_engine
from tests.e2e.conftest import Visit
from tests.served_app import free_port, run_reflex

pytestmark = pytest.mark.e2e

RELOAD_SECONDS = 60.0
APP = Path(__file__).parent / "any_app"


@dataclass(frozen=True)
class DevServer:
    """A running `reflex run`, and what it has said."""

    frontend: str
    backend: str
    log: Path

    def compilations(self) -> int:
        return self.log.read_text(encoding="utf-8").count("Compiling")


@pytest.fixture
def dev_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DevServer]:
    """The app with the default place of its record, which it had at an earlier start too."""
    monkeypatch.delenv("DATABASE_URL")
    kept = APP / ".backstage_py"
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir()
    earlier_start = open_engine({"DATABASE_URL": f"sqlite:///{kept / 'backstage_py.db'}"})
    migrate(earlier_start)
    earlier_start.dispose()
    frontend, backend = free_port(), free_port()
    command = ["run", "--frontend-port", str(frontend), "--backend-port", str(backend)]
    pages = f"http://localhost:{frontend}"
    with run_reflex(APP, command, {}, web_name="dev", ready=pages) as log:
        yield DevServer(pages, f"http://localhost:{backend}", log)
    shutil.rmtree(kept)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + RELOAD_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_recording_compiles_nothing_again_and_duplicates_nothing(
    visit: Visit, dev_server: DevServer
) -> None:
    visitor = visit(dev_server.frontend, events_url=dev_server.backend)

    visitor.open("/")
    visitor.click("Order", role="button")
    expect(visitor.page.get_by_text("1 ordered")).to_be_visible()
    visitor.click("About us")
    visitor.sees("About us")

    recorded = [(event["action"], event["subject"]) for event in visitor.recorded(4)]
    recorded.remove(("order", "978-1"))  # the server's own may be stored earlier
    assert recorded == [("navigate", "/"), ("click", "About us"), ("navigate", "/about")]
    source = APP / "any_app" / "any_app.py"
    assert dev_server.compilations() == 1  # as without the plugin
    source.touch()
    wait_until(lambda: dev_server.compilations() == 2)  # the watcher is awake, and saw this only
