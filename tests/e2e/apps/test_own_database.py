"""An app whose own tables and migrations are in the database of the record."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import inspect

from backstage_py.analytics import EventStore, migrate, open_engine
from backstage_py.plugins.catalog.store import CatalogStore
from tests.conftest import PROJECT
from tests.unit.analytics.recorded import recorded

pytestmark = pytest.mark.e2e

RXCONFIG = """
import reflex as rx
from backstage_py.analytics import AnalyticsPlugin

config = rx.Config(
    app_name="notes",
    db_url="sqlite:///app.db",
    plugins=[rx.plugins.RadixThemesPlugin(), AnalyticsPlugin()],
    telemetry_enabled=False,
)
"""
APP = """
import reflex as rx
from sqlmodel import Field, SQLModel


@rx.ModelRegistry.register
class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str
"""
PAGE = """

import backstage_py.plugins.catalog.store

app = rx.App()
app.add_page(lambda: rx.text("Notes"), route="/")
"""


def test_reflex_db_and_the_record_leave_each_other_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {**os.environ, "DATABASE_URL": "sqlite:///app.db", "PYTHONPATH": str(PROJECT)}
    module = tmp_path / "notes" / "notes.py"
    module.parent.mkdir()
    (tmp_path / "rxconfig.py").write_text(RXCONFIG)
    module.write_text(APP + PAGE)
    engine = open_engine({"DATABASE_URL": "sqlite:///app.db"})
    migrate(engine)
    store, event = EventStore(engine), recorded()
    store.append([event])
    CatalogStore(engine).set_star("user:default/ann", "component:default/a", starred=True)

    def reflex_db(command: str) -> str:
        run = subprocess.run(
            [sys.executable, "-m", "reflex", "db", command],
            check=False,
            env=environment,
            capture_output=True,
            text=True,
            timeout=180,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout + run.stderr

    reflex_db("init")
    module.write_text(APP + '    title: str = ""\n' + PAGE)
    reflex_db("makemigrations")
    told = reflex_db("migrate")

    assert "Detected database schema changes" not in told
    migrations = [file.read_text() for file in (tmp_path / "alembic" / "versions").glob("*.py")]
    assert len(migrations) == 2
    assert {"note"} == {
        line.split('"')[1] if '"' in line else line.split("'")[1]
        for text in migrations
        for line in textwrap.dedent(text).splitlines()
        if "_table(" in line
    }
    assert {"title", "text"} <= {column["name"] for column in inspect(engine).get_columns("note")}
    migrate(engine)
    assert list(store.stream()) == [event]
    engine.dispose()
