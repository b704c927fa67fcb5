"""Apps on their production build, and people who visit them in Chromium."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, expect

from tests.conftest import PROJECT
from tests.e2e.visitor import Visitor
from tests.served_app import build_portal, chromium_options, serve, serve_portal

Visit = Callable[..., Visitor]

expect.set_options(timeout=20_000)  # milliseconds; a busy machine is slow, and not wrong


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return chromium_options()


@pytest.fixture(scope="session")
def portal_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo portal's database."""
    return tmp_path_factory.mktemp("portal")


@pytest.fixture(scope="session")
def portal_build(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The portal, compiled once for all processes of the run.

    The portals of most tests differ only in what is read when they start.
    """
    environment = {"DATABASE_URL": database_in(tmp_path_factory.mktemp("build"))}
    if worker_id == "master":
        return build_portal(environment, web_name="tests")
    of_this_run = tmp_path_factory.getbasetemp().parent
    built = of_this_run / "portal-build"
    with FileLock(of_this_run / "portal-build.lock"):
        if not built.exists():
            built.symlink_to(build_portal(environment, web_name="tests"))
    return built.readlink()


@pytest.fixture(scope="session")
def portal_url(portal_build: Path, portal_data: Path) -> Iterator[str]:
    """The demo portal."""
    environment = {"DATABASE_URL": database_in(portal_data)}
    with serve_portal(portal_build, environment, log=portal_data / "portal.log") as url:
        yield url


@pytest.fixture(scope="session")
def tiny_app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The example that knows nothing of the portal."""
    yield from _served(PROJECT / "examples" / "tiny_app", tmp_path_factory.mktemp("tiny_app"))


@pytest.fixture(scope="session")
def capture_app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An app of all the places that an event can come from."""
    app = Path(__file__).parent / "apps" / "capture_app"
    yield from _served(app, tmp_path_factory.mktemp("capture_app"))


def database_in(data: Path) -> str:
    """The address of the database in a folder."""
    return f"sqlite:///{data / 'events.db'}"


def _served(app: Path, data: Path) -> Iterator[str]:
    with serve(app, {"DATABASE_URL": database_in(data)}) as url:
        yield url


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a visitor's own browser profile on an app: `visit(portal_url)`.

    `events_url` is where the record is read, if the app's pages are served elsewhere.
    """
    with ExitStack() as visitors:

        def start(base_url: str, *, events_url: str | None = None, **options: Any) -> Visitor:
            context = visitors.enter_context(browser.new_context(base_url=base_url, **options))
            return visitors.enter_context(Visitor(context, events_url or base_url))

        yield start
