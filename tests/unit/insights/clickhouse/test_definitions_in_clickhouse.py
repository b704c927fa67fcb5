"""One definition for all engines: ClickHouse gives the same rows as DuckDB and the store."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import starmap
from pathlib import Path

import pytest

from backstage_py.analytics import EventStore, migrate, open_engine
from backstage_py.insights import (
    ActiveUsers,
    By,
    Condition,
    Exits,
    Explore,
    Funnel,
    Insights,
    Measure,
    NotFound,
    OpenedResults,
    Operator,
    PathsAround,
    Question,
    Sample,
    Scope,
    SearchesWithoutResult,
    Step,
    TemplateFunnel,
    TimeSaved,
    TopExtensions,
    TopPlugins,
    TopRoutes,
    Unvisited,
    Window,
)
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from tests.unit.insights.history import DIRECTORY, draw_events
from tests.unit.insights.test_definitions import QUESTIONS, SCOPES, as_numbers
from tests.unit.insights.test_numbers import _CONDITIONS

ALL = Scope(Window())
_ODD_NAMES = ("$1", "\\", '"', '\\" FROM system.one --', "it's", "{x:String}", "%(x)s", ":x")
MORE: list[Question] = [
    ActiveUsers(),
    TopPlugins(),
    TopRoutes(),
    TopExtensions(),
    Exits(),
    PathsAround("/c"),
    SearchesWithoutResult(),
    OpenedResults(),
    TemplateFunnel(),
    TemplateFunnel("template:default/service"),
    TimeSaved(),
    NotFound(),
    Unvisited(),
    Funnel(
        (
            Step("some", (Condition("subject", Operator.CONTAINS, ("e",)),)),
            Step("others", (Condition("attributes.n", Operator.IS_SET),)),
        ),
        timedelta(hours=20),
        By.SESSION,
    ),
    *(Explore(measure, ("session",), limit=None) for measure in Measure),
    Explore(Measure.SUM, ("attributes.n", "context.taskId"), limit=None),
    Explore(Measure.MEAN, ()),
    *(Explore(Measure.EVENTS, (f"attributes.{name}",)) for name in _ODD_NAMES),
]


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, settings: Callable[[], ClickHouseSettings]
) -> Iterator[tuple[Insights, Insights]]:
    """A history with its copies, most of it in them, the last of it not yet."""
    folder: Path = tmp_path_factory.mktemp("both")
    engine = open_engine({"DATABASE_URL": f"sqlite:///{folder / 'events.db'}"})
    migrate(engine)
    store = EventStore(engine)
    copies = (
        Insights(store, folder / "copy"),
        Insights(store, folder / "copy", clickhouse=settings()),
    )
    store.append(draw_events(500, seed=3))
    for copy in copies:
        assert copy.copy.step(at_once=True)
        copy.copy._lock.release()
    store.append(draw_events(100, seed=4))
    yield copies
    for copy in copies:
        copy.close()
    engine.dispose()


@pytest.mark.parametrize("scope", SCOPES, ids=["open", "narrow"])
def test_the_copies_agree(both: tuple[Insights, Insights], scope: Scope) -> None:
    duckdb, clickhouse = both
    for question in (*QUESTIONS, *MORE):
        expected = duckdb.ask(question, scope, directory=DIRECTORY).rows
        found = clickhouse.ask(question, scope, directory=DIRECTORY).rows
        assert as_numbers(found) == as_numbers(expected), question


def test_conditions_choose_the_same_events(both: tuple[Insights, Insights]) -> None:
    conditions = [(condition,) for condition, _fits in _CONDITIONS]
    scopes = list(starmap(ALL.narrowed, conditions))
    scopes += [Scope(Window(), sample=sample, with_robots=False) for sample in Sample]
    for scope in scopes:
        pages = [one.events(scope, directory=DIRECTORY, limit=700) for one in both]
        assert pages[0].rows == pages[1].rows
        assert pages[0].total == pages[1].total
        trusts = [one.trust(scope, directory=DIRECTORY) for one in both]
        assert trusts[0].in_copy == trusts[1].in_copy == 500
        assert trusts[0].from_store == trusts[1].from_store == 100
        assert trusts[0].events == trusts[1].events
