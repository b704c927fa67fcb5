import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backstage_py.analytics import EventStore, migrate, open_engine
from backstage_py.insights import Insights, Scope, Window
from backstage_py.insights.cli import QUESTIONS
from tests.conftest import PROJECT
from tests.unit.insights.history import FIRST_DAY, draw_events

SINCE, UNTIL = "2026-10-05 00:00:00.000000", "2026-11-02 00:00:00.000000"
_BLOCK = re.compile(r"^\*\*`([a-z-]+)`\*\*.*?```sql\n(.*?)```", re.MULTILINE | re.DOTALL)
STATEMENTS = dict(_BLOCK.findall((PROJECT / "docs" / "insights.md").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def insights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Insights]:
    """A history in which runs of templates are named by their context alone."""
    folder: Path = tmp_path_factory.mktemp("documented")
    engine = open_engine({"DATABASE_URL": f"sqlite:///{folder / 'events.db'}"})
    migrate(engine)
    store = EventStore(engine)
    store.append([
        replace(event, attributes=None) if event.action == "create" else event
        for event in draw_events(600, seed=5)
    ])  # fmt: skip
    opened = Insights(store, folder / "copy")
    yield opened
    opened.close()
    engine.dispose()


def test_every_question_of_the_command_line_is_documented() -> None:
    assert list(STATEMENTS) == list(QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_documented_sql_gives_the_same_rows(insights: Insights, question: str) -> None:
    asked: Any = type("Given", (), {"limit": None, "route": None})
    days = (FIRST_DAY.replace(day=5), FIRST_DAY.replace(month=11, day=2))

    rows = insights.ask(QUESTIONS[question][1](asked), Scope(Window(*days))).rows

    with insights._store.engine.connect() as connection:
        statement = text(STATEMENTS[question])
        found = connection.execute(statement, {"since": SINCE, "until": UNTIL}).mappings()
        documented = [dict(row) for row in found]
    assert documented
    assert [*rows] == documented
