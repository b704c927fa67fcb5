"""Running parts with a database of its own, in the folder of a compiled app."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backstage_py.analytics import Runtime
from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.inventory.capture import write_inventory
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from tests.unit.analytics.inventory.captures import a_capture

CAPTURES = [
    a_capture("click", "Buy", attributes={"to": "string"}, context_keys=("entityRef",)),
    a_capture("deploy", plugin_id="ci", path=None, is_conditional=True),
]


@pytest.fixture
def inventory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The inventory of the app in the working directory."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ".web" / "backend" / "instrumentation.json"
    file.parent.mkdir(parents=True)
    file.write_text(write_inventory(CAPTURES), encoding="utf-8")
    return file


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(engine)
    config = Config({"app": {"analytics": {"read": ["user:default/ann"]}}})
    yield Runtime(config, EventStore(engine))
    engine.dispose()
