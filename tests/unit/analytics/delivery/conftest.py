import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate

NewStore = Callable[[], EventStore]


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    file = tmp_path_factory.mktemp("delivery") / "empty.db"
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def new_store(empty_database: Path, tmp_path: Path) -> Iterator[NewStore]:
    """Makes stores, each with a new database."""
    stores: list[EventStore] = []

    def make() -> EventStore:
        file = shutil.copy(empty_database, tmp_path / f"{len(stores)}.db")
        stores.append(EventStore(open_engine({"DATABASE_URL": f"sqlite:///{file}"})))
        return stores[-1]

    yield make
    for store in stores:
        store.engine.dispose()


@pytest.fixture
def store(new_store: NewStore) -> EventStore:
    return new_store()
