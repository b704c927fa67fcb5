"""The tables of one owner: migrated once, by whichever thread comes first."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from backstage_py.analytics.store import database as module
from backstage_py.analytics.store.database import Database, table_of
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.models import TallyRow

REVISION = """
import sqlalchemy
from alembic import op

revision, down_revision = "x1", None

def upgrade():
    op.create_table("thing", sqlalchemy.Column("name", sqlalchemy.Text, primary_key=True))
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'things.db'}"})
    yield engine
    engine.dispose()


@pytest.fixture
def database(engine: Engine, tmp_path: Path) -> Database:
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "x1.py").write_text(REVISION, encoding="utf-8")
    return Database(engine, name="things", migrations=versions.parent)


def test_nothing_is_opened_before_it_is_used(database: Database, engine: Engine) -> None:
    assert inspect(engine).get_table_names() == []

    with database.reading() as connection:
        assert connection.execute(text("select count(*) from thing")).scalar() == 0

    assert sorted(inspect(engine).get_table_names()) == ["thing", "things_version"]


def test_threads_that_come_together_migrate_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, migrate = list[str](), module.migrate

    def count(engine: Engine, *, versions: Path, version_table: str) -> None:
        calls.append(version_table)
        migrate(engine, versions=versions, version_table=version_table)

    monkeypatch.setattr(module, "migrate", count)

    def add(number: int) -> None:
        with database.writing() as connection:
            connection.execute(text("insert into thing values (:name)"), {"name": f"{number}"})

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(8)))

    with database.reading() as connection:
        assert connection.execute(text("select count(*) from thing")).scalar() == 8
    assert calls == ["things_version"]


def test_what_fails_is_not_kept(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as connection:
        connection.execute(text("insert into thing values ('a'), ('b'), ('a')"))

    with database.reading() as connection:
        assert connection.execute(text("select count(*) from thing")).scalar() == 0


def test_the_table_of_a_model_is_named_like_it() -> None:
    assert table_of(TallyRow).name == TallyRow.__tablename__
