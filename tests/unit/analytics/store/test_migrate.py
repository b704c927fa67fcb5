import multiprocessing
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData, insert, inspect, update

from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.event import RecordedEvent, new_event_id
from backstage_py.analytics.store import AnalyticsEventRow, EventStore
from backstage_py.analytics.store.database import table_of
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import MIGRATIONS, VERSION_TABLE, migrate
from backstage_py.analytics.store.models import (
    DeletionRow,
    DeliveryCursorRow,
    DeliveryRow,
    ErasedEventRow,
    ErasureRow,
    ErasureTaskRow,
    TallyRow,
)
from tests.unit.analytics.recorded import recorded

FIRST_RELEASE = "0001"
EARLIER = (
    *("id", "action", "subject", "value", "timestamp", "received_at"),
    *("session_id", "user", "origin"),
)
RECORD = (AnalyticsEventRow, DeliveryCursorRow, DeliveryRow, TallyRow)
KEEPING = (DeletionRow, ErasedEventRow, ErasureRow, ErasureTaskRow)


def open_and_append(url: str) -> None:
    """Do what a portal's process does at its start."""
    engine = open_engine({"DATABASE_URL": url})
    migrate(engine)
    EventStore(engine).append([recorded()])
    engine.dispose()


def set_revision(engine: Engine, revision: str, version_table: str = VERSION_TABLE) -> None:
    """Leave an empty database at the schema of an earlier release."""
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            connection.exec_driver_sql(f"DROP TABLE {table}")
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes.update(connection=connection, version_table=version_table)
        command.upgrade(config, revision)


def append_earlier(engine: Engine, *events: RecordedEvent) -> None:
    """Store events as releases did that knew no version of the app."""
    table = table_of(AnalyticsEventRow)
    rows = [
        {
            **{name: getattr(event, name) for name in EARLIER if hasattr(event, name)},
            "attributes": event.attributes,
            "context": event.context,
            "plugin_id": str(event.context["pluginId"]),
            "extension": str(event.context["extension"]),
            "route_ref": str(event.context["routeRef"]),
        }
        for event in events
    ]
    with engine.begin() as connection:
        connection.execute(insert(table), rows)


def test_the_migrated_schema_is_that_of_the_models(engine: Engine) -> None:
    ours = MetaData()
    for model in (*RECORD, *KEEPING):
        model.__table__.to_metadata(ours)  # pyright: ignore[reportAttributeAccessIssue]
    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), ours)

    kinds = [each for each in differences if "backstage_py_alembic_version" not in str(each)]
    assert kinds == []


def test_the_first_release_is_brought_up_to_date_without_loss(engine: Engine) -> None:
    set_revision(engine, FIRST_RELEASE)
    store, events = EventStore(engine), [recorded(number) for number in range(3)]
    append_earlier(engine, *events)

    migrate(engine)

    assert list(store.stream()) == events
    assert "analytics_delivery" in inspect(engine).get_table_names()


def test_users_of_earlier_releases_are_known_in_lower_case(engine: Engine) -> None:
    set_revision(engine, "0004")
    store, ids = EventStore(engine), [new_event_id() for _ in range(3)]
    users = ["user:default/ann", "User:Default/Ann", None]
    append_earlier(engine, *(recorded(id=id_, session_id="visit") for id_ in ids))
    with engine.begin() as connection:
        for id_, user in zip(ids, users, strict=True):
            table = AnalyticsEventRow.__table__  # pyright: ignore[reportAttributeAccessIssue]
            connection.execute(update(table).where(table.c.id == id_).values(user=user))

    migrate(engine)

    assert [event.user for event in store.stream()] == ["user:default/ann"] * 2 + [None]


def test_a_process_killed_while_it_migrates_leaves_the_schema_as_it_was(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'events.db'}"
    engine = open_engine({"DATABASE_URL": url})
    set_revision(engine, FIRST_RELEASE)
    store, event = EventStore(engine), recorded()
    append_earlier(engine, event)
    script = f"""
        import time
        from alembic import op
        from backstage_py.analytics.store.engine import open_engine
        from backstage_py.analytics.store.migrate import migrate

        def hang(*args, **options):
            print("in the middle", flush=True)
            time.sleep(60)

        op.create_index = hang
        migrate(open_engine({{"DATABASE_URL": {url!r}}}))
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.send_signal(signal.SIGKILL)
        process.wait()

    assert "analytics_delivery_cursor" not in inspect(engine).get_table_names()
    migrate(engine)
    assert "analytics_delivery" in inspect(engine).get_table_names()
    assert list(store.stream()) == [event]
    engine.dispose()


def test_migrating_again_changes_and_loses_nothing(engine: Engine) -> None:
    store = EventStore(engine)
    store.append([recorded()])

    migrate(engine)

    assert store.count() == 1
    assert "analytics_event" in inspect(engine).get_table_names()


def test_a_database_of_a_newer_release_is_one_clear_error_and_stays_as_it_is(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE backstage_py_alembic_version SET version_num = '9999'")

    with pytest.raises(ConfigurationError, match=r"^DATABASE_URL: has another schema: .*9999"):
        migrate(engine)

    assert EventStore(engine).count() == 0


def test_the_revision_of_an_earlier_release_is_moved_out_of_the_apps_table(engine: Engine) -> None:
    set_revision(engine, FIRST_RELEASE, "alembic_version")
    store, event = EventStore(engine), recorded()
    append_earlier(engine, event)

    migrate(engine)

    assert list(store.stream()) == [event]
    assert "alembic_version" not in inspect(engine).get_table_names()


def test_what_the_app_wrote_in_its_version_table_stays(engine: Engine) -> None:
    set_revision(engine, FIRST_RELEASE, "alembic_version")
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('70c8aa0b0c25')")

    migrate(engine)

    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()
        assert list(found) == ["70c8aa0b0c25"]


def test_a_database_that_has_an_apps_migrations_gets_the_record_too(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('70c8aa0b0c25')")

    migrate(engine)

    assert EventStore(engine).count() == 0


def test_processes_that_start_together_migrate_once(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    with engine.begin() as connection:
        for table in inspect(connection).get_table_names():
            connection.exec_driver_sql(f"DROP TABLE {table}")
    engine.dispose()
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=open_and_append, args=(url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)

    assert [process.exitcode for process in processes] == [0] * 4
    assert EventStore(engine).count() == 4
