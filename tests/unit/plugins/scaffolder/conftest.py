"""A catalog of templates, and the software templates over it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent, indent
from typing import Any

import pytest
from sqlalchemy import Engine

from backstage_py.analytics import open_engine
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.ingestion.registrations import Registrations
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.plugins.scaffolder.expressions.renderer import DirectRenderer
from backstage_py.plugins.scaffolder.service import Dependencies, Scaffolder
from backstage_py.plugins.scaffolder.settings import ScaffolderSettings
from backstage_py.plugins.scaffolder.tasks.task import Task

USER = "user:default/leila"

CATALOG = """
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: leila}
spec: {memberOf: [], profile: {displayName: Leila Haddad, email: leila@nordlicht.example}}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop}
spec: {type: service, lifecycle: production, owner: user:leila}
"""


class SetClock:
    """The time, as a test sets it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, span: timedelta) -> None:
        self.now += span


@dataclass
class Bench:
    """The software templates of a folder, and what they recorded."""

    folder: Path
    engine: Engine
    clock: SetClock = field(default_factory=SetClock)
    events: list[tuple[dict[str, Any], str]] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.folder / "catalog" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def add_template(
        self, steps: str, *, rest: str = "", parameters: str = "", metadata: str = ""
    ) -> str:
        """Write the template `new` with the given steps, and give its reference."""
        parts = ["spec:", "  type: service", "  owner: user:leila"]
        if parameters:
            parts += ["  parameters:", indent(dedent(parameters), "    ")]
        parts += ["  steps:", indent(dedent(steps), "    "), indent(dedent(rest), "  ")]
        head = (
            "apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata:\n  name: new\n"
        )
        self.write("template.yaml", head + indent(dedent(metadata), "  ") + "\n" + "\n".join(parts))
        return "template:default/new"

    def open(self, **options: Any) -> Scaffolder:
        """The software templates, as a process that has just begun has them."""
        store = CatalogStore(self.engine)
        catalog = CatalogService.from_config(
            [{"type": "file", "target": "catalog/*.yaml"}],
            base_dir=self.folder,
            store=store,
        )
        catalog.refresh()
        dependencies = {
            "catalog": catalog,
            "registrations": Registrations(catalog, store),
            "engine": self.engine,
            "settings": ScaffolderSettings.model_validate(self.settings),
            "base_dir": self.folder,
            "now": self.clock,
            "record": lambda event, user: self.events.append((event.to_wire(), user)),
            "open_renderer": DirectRenderer,
        }
        return Scaffolder(Dependencies(**{**dependencies, **self.options, **options}))

    def run(
        self, steps: str, values: Mapping[str, Any] | None = None, **options: Any
    ) -> tuple[Task, list[str]]:
        """Run a template of the given steps to its end; gives the task and its log."""
        secrets = options.pop("secrets", None)
        ref = self.add_template(steps, **options)
        scaffolder = self.open()
        task_id = scaffolder.create_task(ref, values or {}, user=USER, secrets=secrets)
        scaffolder.worker.run_pending()
        lines = [line.message for line in scaffolder.read_log(task_id)]
        return scaffolder.get_task(task_id), lines


def make_bench(folder: Path, engine: Engine, **options: Any) -> Bench:
    bench = Bench(folder, engine, **options)
    bench.write("entities.yaml", CATALOG)
    return bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """On SQLite."""
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})
    return make_bench(tmp_path, engine)


@pytest.fixture
def any_bench(tmp_path: Path, engine: Engine) -> Bench:
    """On each kind of database."""
    return make_bench(tmp_path, engine)
