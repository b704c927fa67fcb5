import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics import EventStore, migrate, open_engine
from backstage_py.analytics.store.export import write_jsonl
from backstage_py.insights import Insights, Scope
from tests.unit.insights.history import draw_events

EVENTS = 1_500


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    """An empty store."""
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(engine)
    yield EventStore(engine)
    engine.dispose()


@pytest.fixture
def insights(store: EventStore, tmp_path: Path) -> Iterator[Insights]:
    """On that store; its copy is beside it."""
    opened = Insights(store, tmp_path / "copy")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EventStore, Insights]]:
    """A store with a history, most of it in the copy, the last of it not yet."""
    folder = tmp_path_factory.mktemp("company")
    engine = open_engine({"DATABASE_URL": f"sqlite:///{folder / 'events.db'}"})
    migrate(engine)
    store = EventStore(engine)
    events = draw_events(EVENTS)
    opened = Insights(store, folder / "copy")
    for start in range(0, EVENTS, 300):
        store.append(events[start : start + 300])
        if start < EVENTS - 300:
            opened.copy.step(at_once=True)
    yield store, opened
    opened.close()
    engine.dispose()


@pytest.fixture(scope="module")
def exported(company: tuple[EventStore, Insights]) -> Callable[[Scope], list[dict[str, Any]]]:
    """The events of a scope's window, as `events export --format jsonl` writes them."""
    store, _insights = company

    def export(scope: Scope) -> list[dict[str, Any]]:
        output = io.BytesIO()
        window = scope.window
        write_jsonl(store.stream(since=window.since, until=window.until), output)
        return [json.loads(line) for line in output.getvalue().splitlines()]

    return export
