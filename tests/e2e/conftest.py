"""Apps on their production build, and people who visit them in Chromium."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, expect

from tests.conftest import PROJECT
from tests.e2e.visitor import PATIENCE_SECONDS, Visitor
from tests.oidc.run import oidc_provider
from tests.served_app import build_portal, chromium_options, serve, serve_portal

Visit = Callable[..., Visitor]

expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return chromium_options()


@pytest.fixture(scope="session")
def portal_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo portal's database."""
    return tmp_path_factory.mktemp("portal")


BuildOnce = Callable[[str, Mapping[str, str]], Path]


@pytest.fixture(scope="session")
def build_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> BuildOnce:
    """Compiles a portal into `.web-{name}`, once for all processes of the run."""

    def build(name: str, environment: Mapping[str, str]) -> Path:
        variables = {**environment, "DATABASE_URL": database_in(tmp_path_factory.mktemp("build"))}
        if worker_id == "master":
            return build_portal(variables, web_name=name)
        of_this_run = tmp_path_factory.getbasetemp().parent
        built = of_this_run / f"build-of-{name}"
        with FileLock(of_this_run / "build.lock"):  # builds share the lock of npm packages
            if not built.exists():
                built.symlink_to(build_portal(variables, web_name=name))
        return built.readlink()

    return build


@pytest.fixture(scope="session")
def portal_build(build_once: BuildOnce) -> Path:
    """The portal of most tests; they differ only in what is read when it starts."""
    return build_once("tests", {})


@pytest.fixture(scope="session")
def portal_url(portal_build: Path, portal_data: Path) -> Iterator[str]:
    """The demo portal."""
    environment = {"DATABASE_URL": database_in(portal_data)}
    with serve_portal(portal_build, environment, log=portal_data / "portal.log") as url:
        yield url


@pytest.fixture(scope="session")
def guarded() -> Iterator[dict[str, str]]:
    """The variables of a portal on which people sign in by an OpenID provider."""
    with oidc_provider() as issuer:
        yield {
            "APP_CONFIG": "app-config.yaml,tests/e2e/portal/sign-in.yaml",
            "TEST_OIDC": issuer,
            "TEST_OIDC_SECRET": "a secret of the tests",
            "BACKSTAGE_PY_SECRET": "only-for-the-tests-of-signing-in",
        }


@pytest.fixture(scope="session")
def guarded_build(build_once: BuildOnce, guarded: dict[str, str]) -> Path:
    """The portal on which people sign in."""
    return build_once("guarded", guarded)


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
