"""Insights at ten million events: each tile of its pages, beside the same question elsewhere.

The same definitions are asked of the columnar copy, of a DuckDB table of plain columns, and, at a
fraction of the size, of the SQL store. `INSIGHTS_EVENTS` sets the size, for a quick run. Times are
of the whole answer: composing the statement, asking, naming. `cpu` is what all threads used: on a
machine that is not idle it says more than the clock. With `INSIGHTS_CHDB=1` chDB is asked too, by
the engine that asks ClickHouse.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    Engine,
    FromClause,
    Text,
    column,
    func,
    select,
    table,
)

from backstage_py.analytics import EventStore, migrate, open_engine
from backstage_py.insights import (
    ActiveUsers,
    Activity,
    Condition,
    Directory,
    Entries,
    Exits,
    Explore,
    Funnel,
    Grain,
    Insights,
    Lifecycle,
    Measure,
    Moves,
    NotFound,
    Operator,
    Question,
    Retention,
    Scope,
    Searches,
    SearchesWithoutResult,
    SearchQuality,
    SearchVolume,
    Step,
    Stickiness,
    TemplateOutcomes,
    Templates,
    TopClicks,
    TopEntities,
    TopPages,
    TopPlugins,
    TopRoutes,
    Totals,
    Window,
)
from backstage_py.insights.buckets import from_moment
from backstage_py.insights.dialects import Statement, bound, duckdb_dialect, number
from backstage_py.insights.events import COLUMNS, Bounds
from backstage_py.insights.plain_columns import PlainColumns
from backstage_py.insights.record import Record
from benchmarks.insights_history import BEGIN, END, blocks, build

EVENTS = int(os.environ.get("INSIGHTS_EVENTS", "10000000"))
WITH_CHDB = os.environ.get("INSIGHTS_CHDB") == "1"
STORE_SHARE = 50
"""The SQL store has one event of so many: it takes seconds for each question."""
RUNS = 5
_TYPES: Mapping[str, Any] = {
    "position": BigInteger,
    "moment": BigInteger,
    "value": Double,
    "is_sample": Boolean,
    "is_robot": Boolean,
}
_WINDOW = Window(from_moment(BEGIN), from_moment(END), "Europe/Berlin")
_MONTH = Window(from_moment(END) - timedelta(days=30), from_moment(END), "Europe/Berlin")


def _is(action: str) -> tuple[Condition, ...]:
    return (Condition("action", Operator.IS, (action,)),)


PAGES: Mapping[str, tuple[Question, ...]] = {
    "overview": (
        Totals(),
        Activity(Grain.DAY),
        ActiveUsers(Grain.WEEK),
        Lifecycle(Grain.WEEK),
        Stickiness(),
    ),
    "plugins": (
        TopPlugins(10),
        TopRoutes(10),
        TopPages(10),
        TopClicks("route-5", 10),
        Entries(10),
        Exits(10),
        Moves(10),
    ),
    "search": (
        SearchQuality(),
        SearchVolume(Grain.DAY),
        Searches(10),
        SearchesWithoutResult(10),
    ),
    "templates": (Templates(10), TemplateOutcomes(10)),
    "content": (TopEntities(limit=10), NotFound(10)),
    "retention": (
        Retention(12),
        Funnel(tuple(Step(name, _is(name)) for name in ("search", "discover", "create"))),
    ),
    "explorer": (
        Explore(Measure.MEAN, ("action",)),
        Explore(Measure.USERS, ("pluginId",), Grain.WEEK),
    ),
}


def measure() -> Iterator[dict[str, Any]]:
    """Build once, then ask."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        building = _time(lambda: build(folder, EVENTS))
        yield {
            "benchmark": "insights",
            "what": "build",
            "events": EVENTS,
            "seconds": round(building, 1),
            "copy_megabytes": _megabytes(folder) - _megabytes(folder, "plain.duckdb"),
            "plain_megabytes": _megabytes(folder, "plain.duckdb"),
        }
        yield from _questions(folder)
        yield from _store(folder / "store.db")


def _questions(folder: Path) -> Iterator[dict[str, Any]]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{folder / 'events.db'}"})
    migrate(engine)
    insights = Insights(EventStore(engine), folder)
    plain = PlainEngine(folder / "plain.duckdb")
    chdb = _open_chdb(folder) if WITH_CHDB else None
    for span, window in (("90 days", _WINDOW), ("30 days", _MONTH)):
        scope = Scope(window)
        for page, questions in PAGES.items():
            tiles = []
            for question in questions:
                ours = _measure(lambda q=question, s=scope: insights.ask(q, s))
                other = _measure(lambda q=question, s=scope: plain.ask(q, s))
                tiles.append(ours)
                figure = _figure(page, question, span, ours, other)
                if chdb is not None:
                    figure |= _beside(ours, _measure(lambda q=question, s=scope: chdb.ask(q, s)))
                yield figure
            yield {
                "benchmark": "insights",
                "what": "page",
                "page": page,
                "window": span,
                "milliseconds": round(sum(statistics.median(tile[0]) for tile in tiles)),
                "cpu_milliseconds": round(sum(statistics.median(tile[1]) for tile in tiles)),
            }
    insights.close()
    plain.close()
    if chdb is not None:
        chdb.close()
    engine.dispose()


def _open_chdb(folder: Path) -> Any:
    from benchmarks.insights_clickhouse import ChdbCopy

    return ChdbCopy(folder / "chdb", folder / "plain.duckdb", Bounds(BEGIN, END))


def _beside(
    ours: tuple[list[float], list[float]], chdb: tuple[list[float], list[float]]
) -> dict[str, Any]:
    return {
        "chdb_milliseconds": round(statistics.median(chdb[0]), 1),
        "of_chdb": round(statistics.median(ours[0]) / statistics.median(chdb[0]), 2),
        "chdb_cpu_milliseconds": round(statistics.median(chdb[1]), 1),
    }


def _store(file: Path) -> Iterator[dict[str, Any]]:
    """The SQL store, with so many events fewer, and the copy of the same events."""
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    migrate(engine)
    _fill(engine, EVENTS // STORE_SHARE)
    insights = Insights(EventStore(engine), file.parent / "small")
    insights.copy.step(at_once=True)
    for question in (Totals(), TopPlugins(10), TopPages(10), Retention(12)):
        scope = Scope(_WINDOW)
        store = _measure(lambda q=question, s=scope: insights.ask_store(q, s))
        ours = _measure(lambda q=question, s=scope: insights.ask(q, s))
        yield {
            "benchmark": "insights",
            "what": "store",
            "question": type(question).__name__,
            "events": EVENTS // STORE_SHARE,
            "milliseconds_of_store": round(statistics.median(store[0]), 1),
            "milliseconds_of_copy": round(statistics.median(ours[0]), 1),
            "times_as_fast": round(statistics.median(store[0]) / statistics.median(ours[0]), 1),
        }
    insights.close()
    engine.dispose()


def _fill(engine: Engine, total: int) -> None:
    """The same events as rows of the store, without the way through ingest."""
    columns = (
        *("id", "action", "subject", "value", "attributes", "context", "plugin_id"),
        *("extension", "route_ref", "session_id", "origin"),
    )
    names = [f'"{name}"' for name in (*columns, "user", "timestamp", "received_at")]
    marks = ", ".join("?" * len(names))
    insert = f"INSERT INTO analytics_event ({', '.join(names)}) VALUES ({marks})"
    with engine.begin() as connection:
        for block in blocks(total, 100_000):
            rows = [
                (*(row[name] for name in columns), row["user_ref"], *[_stored(row["moment"])] * 2)
                for row in block.to_pylist()
            ]
            connection.exec_driver_sql(insert, rows)


def _stored(moment: int) -> str:
    return from_moment(moment).isoformat(" ", "microseconds").removesuffix("+00:00")


def _figure(
    page: str,
    question: Question,
    span: str,
    ours: tuple[list[float], list[float]],
    other: tuple[list[float], list[float]],
) -> dict[str, Any]:
    return {
        "benchmark": "insights",
        "what": "tile",
        "page": page,
        "question": type(question).__name__,
        "window": span,
        "milliseconds_median": round(statistics.median(ours[0]), 1),
        "milliseconds_least": round(min(ours[0]), 1),
        "milliseconds_p95": round(_p95(ours[0]), 1),
        "cpu_milliseconds": round(statistics.median(ours[1]), 1),
        "of_plain_table": round(statistics.median(ours[0]) / statistics.median(other[0]), 2),
        "cpu_of_plain_table": round(statistics.median(ours[1]) / statistics.median(other[1]), 2),
    }


class PlainEngine(PlainColumns):
    """One table of plain columns in DuckDB, asked the same questions."""

    def __init__(self, file: Path) -> None:
        super().__init__(Directory())
        self._connection = duckdb.connect(str(file), read_only=True)
        self._table = table("events", *(column(name, _TYPES.get(name, Text)) for name in COLUMNS))

    def events(self, first: int | None, end: int) -> FromClause:
        wanted = [self._table.c.moment < number(end)]
        if first is not None:
            wanted.append(self._table.c.moment >= number(first))
        return select(self._table).where(*wanted).subquery()

    def key(self, events: FromClause, kind: str, name: str) -> ColumnElement[Any]:
        return func.json_extract_string(events.c[kind], f"/{name}")

    def keys(self, events: FromClause, kind: str) -> Statement:
        return select(func.unnest(func.json_keys(events.c[kind])).label("name"))

    def last_of(self, rows: FromClause, of: str, value: str, *, first: bool) -> Statement:
        pick = func.arg_min if first else func.arg_max
        order = func.row(rows.c.moment, rows.c.position)
        return select(rows.c[of], pick(rows.c[value], order).label(value)).group_by(rows.c[of])

    def ask(self, question: Question, scope: Scope) -> list[dict[str, Any]]:
        record = Record(self, scope, Bounds(BEGIN, END))
        text, values = bound(question.select(record), duckdb_dialect())
        answered = self._connection.execute(text, list(values))
        names = [described[0] for described in answered.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in answered.fetchall()]
        return question.finish(rows, record)

    def close(self) -> None:
        self._connection.close()

    def _named(
        self, name: str, key: str, value: str, pairs: Sequence[tuple[str, str]]
    ) -> FromClause:
        raise NotImplementedError("no tile that is measured asks the directory")


def _measure(ask: Callable[[], object]) -> tuple[list[float], list[float]]:
    """The times and the CPU times of some runs in milliseconds, after one that warms up."""
    ask()
    clock, cpu = [], []
    for _ in range(RUNS):
        used = time.process_time()
        clock.append(_time(ask) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    return clock, cpu


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _megabytes(folder: Path, name: str = "*.duckdb") -> int:
    return sum(file.stat().st_size for file in folder.glob(name)) // 1_000_000
