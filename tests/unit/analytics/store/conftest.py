from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate


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
