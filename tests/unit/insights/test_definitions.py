"""One definition for all databases: the copy, SQLite and PostgreSQL give the same rows."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backstage_py.analytics import EventStore, migrate, open_engine
from backstage_py.insights import (
    EMPTY_DIRECTORY,
    ActiveByTeam,
    Activity,
    Condition,
    Entries,
    Explore,
    FeedbackAfter,
    Funnel,
    Grain,
    Insights,
    KeyFields,
    Lifecycle,
    Measure,
    Moves,
    NotFoundReferrers,
    Operator,
    PathsAround,
    Question,
    Reach,
    Refinements,
    Retention,
    Row,
    Sample,
    Scope,
    Searches,
    SearchesWithoutClick,
    SearchQuality,
    SearchVolume,
    Step,
    Stickiness,
    TemplateOutcomes,
    Templates,
    TimeSavedByTeam,
    TopClicks,
    TopEntities,
    TopPages,
    TopUsers,
    Totals,
    ViewsByOwner,
    Window,
)
from backstage_py.insights.record import Record
from backstage_py.insights.store_engine import StoreEngine
from tests.unit.insights.history import DIRECTORY, FIRST_DAY, draw_events

QUESTIONS: list[Question] = [
    Totals(),
    *(Activity(grain) for grain in Grain),
    Lifecycle(Grain.MONTH),
    Stickiness(),
    Reach(),
    FeedbackAfter(),
    ActiveByTeam(),
    TopUsers(),
    TopPages(),
    TopClicks("r1", 3),
    Entries(),
    Moves(),
    PathsAround("/a", backwards=True),
    Searches(),
    SearchesWithoutClick(),
    SearchVolume(Grain.WEEK),
    SearchQuality(),
    Refinements(),
    Templates(),
    TemplateOutcomes(),
    TimeSavedByTeam(),
    TopEntities(),
    ViewsByOwner(),
    NotFoundReferrers(),
    Retention(),
    Funnel(
        tuple(
            Step(name, (Condition("action", Operator.IS, (name,)),))
            for name in ("navigate", "click", "search", "create")
        ),
        timedelta(days=5),
    ),
    Explore(Measure.PERCENTILE, ("attributes.n", "team"), Grain.WEEK, limit=None),
    Explore(Measure.USERS, ("context.entityRef",)),
    KeyFields(),
    KeyFields(limit=2),
]
SCOPES = [
    Scope(Window(zone="Asia/Kathmandu")),
    Scope(
        Window(FIRST_DAY + timedelta(days=9), FIRST_DAY + timedelta(days=50), "America/New_York"),
        (
            Condition("team", Operator.IS, ("group:default/g1", "group:default/g2")),
            Condition("subject", Operator.IS_NOT, ("Docs",)),
            Condition("attributes.n", Operator.IS_NOT, ("z",)),
        ),
        Sample.WITHOUT,
        with_robots=False,
    ),
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def company(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Insights]:
    """A history in a database of each kind, and its copy."""
    folder: Path = tmp_path_factory.mktemp("company")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'events.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    engine = open_engine({"DATABASE_URL": url})
    if request.param == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        engine.dispose()
    migrate(engine)
    store = EventStore(engine)
    insights = Insights(store, folder / "copy")
    store.append(draw_events(500, seed=3))
    insights.copy.step(at_once=True)
    store.append(draw_events(100, seed=4))
    yield insights
    insights.close()
    engine.dispose()


def as_numbers(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {
            key: round(float(one), 9) if isinstance(one, float | Decimal) else one
            for key, one in row.items()
        }
        for row in rows
    ]


@pytest.mark.parametrize("scope", SCOPES, ids=["open", "narrow"])
def test_the_copy_and_the_store_agree(company: Insights, scope: Scope) -> None:
    for question in QUESTIONS:
        ours = company.ask(question, scope, directory=DIRECTORY).rows
        theirs = company.ask_store(question, scope, directory=DIRECTORY)
        assert as_numbers(ours) == as_numbers(theirs), question


def test_the_sql_that_is_shown_gives_the_same_numbers(company: Insights) -> None:
    needs_the_directory = (Reach, ActiveByTeam, TimeSavedByTeam, ViewsByOwner, Explore)
    scope = Scope(SCOPES[1].window)
    database = company._store.engine
    for question in QUESTIONS:
        if isinstance(question, needs_the_directory):
            continue
        engine = StoreEngine(database, EMPTY_DIRECTORY)
        rows = engine.run(question.select(Record(engine, scope, engine.bounds())))
        with database.connect() as connection:
            sql = company.ask(question, scope).sql
            shown = connection.execute(text(sql.replace(":", "\\:")))
            assert as_numbers([dict(row) for row in shown.mappings()]) == as_numbers(rows), sql
