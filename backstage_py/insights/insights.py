"""Answers questions from the copy, masked for the viewer, with the basis of the numbers."""

import functools
import logging
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Engine, FromClause, func, inspect, select

from backstage_py.analytics import (
    AnalyticsError,
    Clock,
    DeletionLog,
    DeliveryStore,
    EventStore,
    Every,
    Tallies,
    Tally,
    data_folder,
    get_runtime,
    user_id_sha256,
    utc_now,
)
from backstage_py.insights.access import Access, InsightsSettings
from backstage_py.insights.annotations.annotations import Annotations
from backstage_py.insights.answer import Answer, EventPage, Row, Trust
from backstage_py.insights.buckets import partial_pieces
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from backstage_py.insights.columnar_copy import FreshEngine
from backstage_py.insights.copy_keeper import CopyKeeper
from backstage_py.insights.dialects import Statement, shown
from backstage_py.insights.directory import EMPTY_DIRECTORY, Directory
from backstage_py.insights.events import Bounds
from backstage_py.insights.privacy import TEAM, Mask
from backstage_py.insights.pseudonym_key import read_key
from backstage_py.insights.questions.question import Question
from backstage_py.insights.record import Record
from backstage_py.insights.scope import Sample, Scope
from backstage_py.insights.store_engine import StoreEngine
from backstage_py.insights.viewer import OWNER, Viewer
from backstage_py.insights.window import Window

_logger = logging.getLogger(__name__)

POLL_SECONDS = 2.0
RECONCILE_SECONDS = 60.0
FAR_BEHIND_EVENTS = 5_000
"""A copy that lags by more events adds them before a question, if no other process does."""
MUCH_BEHIND_EVENTS = 500_000
"""The maximum number of events read into the memory of a process that does not keep the copy."""
TRUSTED_SECONDS = 1.0
ALL_TIME = Window()


class Insights:
    """The owner's questions on one store; usable from any thread."""

    def __init__(
        self,
        store: EventStore,
        folder: Path,
        *,
        clock: Clock = utc_now,
        tallies: Tallies | None = None,
        clickhouse: ClickHouseSettings | None = None,
    ) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock
        self._tallies = tallies or Tallies(store.engine)
        self.copy = open_copy(store, folder, clickhouse, clock)
        self._deliveries = DeliveryStore(store.engine)
        self._trusts: dict[Scope, tuple[float, Trust]] = {}
        self._deletions = DeletionLog(store.engine)
        self._deletion = 0
        self._reconciled = time.monotonic()
        self._every = Every(
            POLL_SECONDS,
            self._keep_if_migrated,
            "insights-copy",
            trouble="The copy for Insights waits",
        )

    def ask(
        self,
        question: Question,
        scope: Scope,
        *,
        directory: Directory = EMPTY_DIRECTORY,
        viewer: Viewer = OWNER,
    ) -> Answer:
        """The answer to a question, as this viewer may see it.

        Args:
            question: The question to answer.
            scope: The events to query.
            directory: The catalog's facts, for questions by team or owner.
            viewer: The viewer who asks.

        Raises:
            AnalyticsError: If the question or the scope is wrong, or not for this viewer.
        """
        mask = Mask(viewer, self._key)
        mask.check(question, scope)
        scope = replace(scope, window=question.widened(scope.window))
        began = time.perf_counter()
        with self._fresh(directory) as engine:
            bounds = engine.bounds()
            record = Record(engine, scope, bounds)
            is_hidden = self._hides(mask, engine, record)
            whole = mask.without_limit(question)
            rows = [] if is_hidden else engine.run(whole.select(record))
        finished = whole.finish(rows, record) if not is_hidden else []
        masked = mask.apply(question, finished)
        grain = getattr(question, "grain", None)
        return Answer(
            columns=question.columns,
            rows=tuple({name: row[name] for name in question.columns} for row in masked.rows),
            scope=scope,
            hidden=masked.hidden + is_hidden,
            milliseconds=(time.perf_counter() - began) * 1000,
            write_sql=lambda: self._sql(question, scope, directory, bounds),
            withheld=masked.withheld,
            partial=partial_pieces(scope.window, grain, self._clock()) if grain else {},
        )

    def ask_store(
        self, question: Question, scope: Scope, *, directory: Directory = EMPTY_DIRECTORY
    ) -> Sequence[Row]:
        """The same rows from the store itself: slower, but proves the copy right.

        Raises:
            AnalyticsError: If the question or the scope is wrong.
        """
        engine = StoreEngine(self._store.engine, directory)
        scope = replace(scope, window=question.widened(scope.window))
        record = Record(engine, scope, engine.bounds())
        rows = question.finish(engine.run(question.select(record)), record)
        return [{name: row[name] for name in question.columns} for row in rows]

    def events(
        self,
        scope: Scope,
        *,
        directory: Directory = EMPTY_DIRECTORY,
        viewer: Viewer = OWNER,
        cursor: int | None = None,
        limit: int = 50,
    ) -> EventPage:
        """The events behind a number, the newest first, as they are in the store.

        Args:
            scope: The scope of the events.
            directory: For conditions by team.
            viewer: The viewer who asks.
            cursor: The `next_cursor` of the previous page.
            limit: The maximum number of events.

        Raises:
            AnalyticsError: If the scope is wrong, or this viewer may not see single events.
        """
        mask = Mask(viewer, self._key)
        mask.check_events(scope)
        with self._fresh(directory) as engine:
            record = Record(engine, scope, engine.bounds())
            hides = self._hides(mask, engine, record)
            total = engine.run(select(func.count().label("total")).select_from(record.events))
            found = [] if hides else engine.run(_newest(record, cursor, limit + 1))
        positions = [row["position"] for row in found]
        stored = self._store.at(positions[:limit])
        rows = tuple(mask.event(one.event.to_wire()) for one in reversed(stored) if one.event)
        next_cursor = positions[limit - 1] if len(positions) > limit else None

        def write_sql() -> str:
            engine = StoreEngine(self._store.engine, directory)
            statement = _newest(Record(engine, scope, record.data), cursor, limit)
            return self._show(statement)

        return EventPage(rows, next_cursor, 0 if hides else total[0]["total"], write_sql)

    def trust(
        self,
        scope: Scope,
        *,
        directory: Directory = EMPTY_DIRECTORY,
        viewer: Viewer = OWNER,
    ) -> Trust:
        """The basis of a scope's numbers, at most a second old.

        If the scope is about too few people for this viewer, no events are counted.

        Raises:
            AnalyticsError: If the scope is wrong.
        """
        trust = self._known_trust(scope, directory)
        mask = Mask(viewer, self._key)
        if not mask.is_about_few(scope):
            return trust
        with self._fresh(directory) as engine:
            is_hidden = self._hides(mask, engine, Record(engine, scope, engine.bounds()))
        return replace(trust, events=0, sample=0, robots=0) if is_hidden else trust

    def _known_trust(self, scope: Scope, directory: Directory) -> Trust:
        now = time.monotonic()
        known = self._trusts.get(scope)
        if known is not None and now - known[0] < TRUSTED_SECONDS:
            return known[1]
        trust = self._trust(scope, directory)
        fresh = {key: one for key, one in self._trusts.items() if now - one[0] < TRUSTED_SECONDS}
        self._trusts = {**fresh, scope: (now, trust)}
        return trust

    def write_view(self, view: str, file: Path, window: Window = ALL_TIME) -> int:
        """Write the copy, with the newest events, as a Parquet or Arrow file.

        Args:
            view: `events` or `visits`, with the columns of docs/insights-schema.md.
            file: The file; its ending, `.parquet` or `.arrow`, decides the format.
            window: The time of the events; for visits, those that began in it.

        Returns:
            The number of rows.

        Raises:
            AnalyticsError: If the file's name has another ending, or the copy is in ClickHouse.
            OSError: If the file cannot be written.
        """
        with self._fresh(EMPTY_DIRECTORY) as engine:
            return engine.write_view(view, file, window)

    def counts(self) -> dict[str, int]:
        """The numbers of sample and of real events."""
        sample = self.trust(Scope(Window(), sample=Sample.ONLY)).events
        return {"sample": sample, "real": self.trust(Scope(Window())).events - sample}

    def start(self) -> None:
        """Keep the copy from now on, in a thread; in the process that serves."""
        self._every.start()

    def keep(self) -> None:
        """One round of the thread, every two seconds: adds new events, removes deleted ones.

        Deletions by retention or erasure, by any process, are in the `DeletionLog`; for all
        others the store's rows are counted every minute.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the store does not answer.
            OSError: If the copy cannot be written.
            AnalyticsError: If ClickHouse fails.
        """
        if not self.copy.step():
            return
        deletion = self._deletions.last_position()
        now = time.monotonic()
        if deletion != self._deletion or now - self._reconciled >= RECONCILE_SECONDS:
            self.copy.reconcile()
            self._deletion, self._reconciled = deletion, now

    def close(self) -> None:
        """Stop keeping the copy, and close its files."""
        self._every.close(5)
        self.copy.close()

    def _fresh(self, directory: Directory) -> AbstractContextManager[FreshEngine]:
        """The copy's `fresh` context; if the copy lags far behind, it catches up first."""
        behind = self._store.last_position() - self.copy.position()
        if behind > FAR_BEHIND_EVENTS and not self.copy.step():
            self._require_nearly_there()
        return self.copy.fresh(directory)

    def _require_nearly_there(self) -> None:
        """Refuse while another process fills the copy: reading it all here would fill the memory.

        Raises:
            AnalyticsError: If much is still missing; it says how far the copy is.
        """
        position, last = self.copy.position(), self._store.last_position()
        if last - position > MUCH_BEHIND_EVENTS:
            problem = f"has taken in {position:,} of {last:,} events of the record so far"
            raise AnalyticsError("Insights", problem, "Try again in a moment")

    def _hides(self, mask: Mask, engine: FreshEngine, record: Record) -> bool:
        """Whether the scope selects or excludes too few people for this viewer.

        Whoever may query all people and all except a few can compute the few by subtraction. So
        each condition, and all together, must leave out either nobody or enough people.
        """
        if not mask.is_about_few(record.scope):
            return False
        smallest = mask.viewer.smallest_group
        if _count_users(engine, record.events) < smallest:
            return True
        conditions = record.scope.conditions
        rests = [[one] for one in conditions]
        if len(conditions) > 1:
            rests.append([*conditions])
        counts = (_count_users(engine, record.outside(rest)) for rest in rests)
        if any(0 < count < smallest for count in counts):
            return True
        teams = [one for one in conditions if one.field == TEAM]
        others = tuple(one for one in conditions if one.field != TEAM)
        wider = Record(engine, replace(record.scope, conditions=others), record.data)
        active = _list_users(engine, wider)
        return any(mask.finds_few(one, active, record.directory) for one in teams)

    def _sql(self, question: Question, scope: Scope, directory: Directory, bounds: Bounds) -> str:
        engine = StoreEngine(self._store.engine, directory)
        return self._show(question.select(Record(engine, scope, bounds)))

    def _show(self, statement: Statement) -> str:
        dialect = self._store.engine.dialect
        from backstage_py.insights.readable import readable  # SQLGlot: not while the portal starts

        return readable(shown(statement, dialect), dialect.name)

    @functools.cached_property
    def _key(self) -> bytes:
        return read_key(self._store.engine, self._folder)

    def _keep_if_migrated(self) -> None:
        """Keep the copy, if the store's tables exist yet; at the first start they may not."""
        if inspect(self._store.engine).has_table("analytics_event"):
            self.keep()

    def _trust(self, scope: Scope, directory: Directory) -> Trust:
        with self._fresh(directory) as engine:
            record = Record(engine, scope, engine.bounds())
            query = select(func.count().label("events")).select_from(record.events)
            events = engine.run(query)[0]["events"]
            out = engine.run(record.left_out())[0]
            freshness = engine.freshness()
        self._tallies.write()
        window = scope.window
        not_taken = self._tallies.between(window.since, window.until)
        missing = self._deliveries.missing(window.since, window.until)
        return Trust(
            scope=scope,
            events=events,
            sample=out["sample"] if scope.sample is Sample.WITHOUT else 0,
            robots=0 if scope.with_robots else out["robots"],
            in_copy=freshness.in_copy,
            from_store=freshness.from_store,
            copied_at=freshness.copied_at,
            asked_at=self._clock(),
            refused_robots=not_taken[Tally.ROBOTS],
            rejected=not_taken[Tally.REJECTED],
            dropped_in_browser=not_taken[Tally.DROPPED],
            dead_letters=missing.dead,
            undelivered=missing.undelivered,
        )


def _count_users(engine: FreshEngine, events: FromClause) -> int:
    users = func.count(events.c.user_ref.distinct()).label("users")
    return engine.run(select(users))[0]["users"]


def _list_users(engine: FreshEngine, record: Record) -> list[str]:
    users = select(record.events.c.user_ref).distinct().subquery()
    named = select(record.text(users.c.user_ref).label("user")).where(users.c.user_ref.is_not(None))
    return [row["user"] for row in engine.run(named)]


def _newest(record: Record, cursor: int | None, limit: int) -> Statement:
    position = record.events.c.position
    query = select(position.label("position")).order_by(position.desc()).limit(limit)
    return query if cursor is None else query.where(position < cursor)


def copy_folder(database: Engine, configured: str | None) -> Path:
    """The folder of a database's copy: the configured one, else beside an SQLite database."""
    if configured is not None:
        return Path(configured)
    url = database.url
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(f"{url.database}.insights")
    name = user_id_sha256(url.render_as_string(hide_password=True))[:12]
    return data_folder() / f"insights-{name}"


def open_copy(
    store: EventStore, folder: Path, clickhouse: ClickHouseSettings | None, clock: Clock
) -> CopyKeeper:
    """The copy of a store: in ClickHouse if that is configured, else in a folder."""
    if clickhouse is not None:
        from backstage_py.insights.clickhouse.clickhouse_table import ClickHouseTable

        return CopyKeeper(ClickHouseTable(store, clickhouse, clock=clock))
    from backstage_py.insights.copy.duckdb_table import DuckDbTable

    return CopyKeeper(DuckDbTable(store, folder, clock=clock))


def open_insights(
    store: EventStore,
    settings: InsightsSettings,
    *,
    tallies: Tallies | None = None,
) -> Insights:
    """Insights on a store, configured by the section `app.analytics.insights`."""
    folder = copy_folder(store.engine, settings.folder)
    return Insights(store, folder, tallies=tallies, clickhouse=settings.clickhouse)


@functools.cache
def get_insights() -> Insights:
    """The Insights of this process, on its own store.

    Raises:
        ConfigurationError: If the configuration is wrong.
    """
    runtime = get_runtime()
    return open_insights(runtime.store, get_access().settings, tallies=runtime.tallies)


@functools.cache
def get_annotations() -> Annotations:
    """The annotations of this process, in the recorder's database.

    Raises:
        ConfigurationError: If the configuration is wrong.
    """
    return Annotations(get_runtime().store.engine)


@functools.cache
def get_access() -> Access:
    """The access rules of this process's portal.

    Raises:
        ConfigurationError: If the section `app.analytics.insights` is wrong.
    """
    runtime = get_runtime()
    return Access.from_config(runtime.config, runtime.recorder)
