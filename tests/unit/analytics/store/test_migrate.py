import multiprocessing
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, inspect

from backstage_py.analytics.store import AnalyticsEventRow, EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from tests.unit.analytics.recorded import recorded


def open_and_append(url: str) -> None:
    """What a portal's process does when it starts."""
    engine = open_engine({"DATABASE_URL": url})
    migrate(engine)
    EventStore(engine).append([recorded()])
    engine.dispose()


def test_the_migrated_schema_is_that_of_the_model(engine: Engine) -> None:
    ours = MetaData()
    AnalyticsEventRow.__table__.to_metadata(ours)  # pyright: ignore[reportAttributeAccessIssue]
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), ours)

    kinds = [each for each in differences if "alembic_version" not in str(each)]
    assert kinds == []


def test_migrating_again_changes_and_loses_nothing(engine: Engine) -> None:
    store = EventStore(engine)
    store.append([recorded()])

    migrate(engine)

    assert store.count() == 1
    assert "analytics_event" in inspect(engine).get_table_names()


def test_processes_that_start_together_migrate_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=open_and_append, args=(url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)

    engine = open_engine({"DATABASE_URL": url})
    assert [process.exitcode for process in processes] == [0] * 4
    assert EventStore(engine).count() == 4
    engine.dispose()
