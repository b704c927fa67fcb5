"""The copy held against a plain count on the store, whatever happens to the events."""

import random
import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import text

from backstage_py.analytics import EventStore, RecordedEvent, migrate, open_engine
from backstage_py.insights import (
    Condition,
    Explore,
    Insights,
    Lifecycle,
    Measure,
    Operator,
    Sample,
    Scope,
    Searches,
    Totals,
    Window,
)
from tests.unit.insights.history import DIRECTORY, FIRST_DAY, draw_event

_CONDITIONS = st.sampled_from([
    (),
    (Condition("action", Operator.IS, ("search", "navigate")),),
    (Condition("subject", Operator.CONTAINS, ("e",)),),
    (Condition("attributes.n", Operator.IS, ("z", 1)),),
    (Condition("team", Operator.IS, ("group:default/g1",)),),
    (Condition("value", Operator.ABOVE, (0,)), Condition("user", Operator.IS_SET)),
])  # fmt: skip


class CopyMachine(RuleBasedStateMachine):
    """Events come, late ones and again; go; are rewritten; and the copy is kept meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self._engine = open_engine({"DATABASE_URL": f"sqlite:///{folder / 'events.db'}"})
        migrate(self._engine)
        self._store = EventStore(self._engine)
        self._insights = Insights(self._store, folder / "copy")
        self._events: list[RecordedEvent] = []
        self._is_clean = True

    @rule(seed=st.integers(0, 2**16), count=st.integers(1, 12))
    def store(self, seed: int, count: int) -> None:
        chance = random.Random(seed)
        events = [draw_event(chance) for _ in range(count)]
        again = chance.sample(self._events, min(2, len(self._events)))
        self._store.append([*events, *again])
        self._events += events

    @rule(seed=st.integers(0, 2**16))
    def delete(self, seed: int) -> None:
        gone = random.Random(seed).sample(self._events, len(self._events) // 3)
        with self._engine.begin() as connection:
            for event in gone:
                connection.execute(
                    text("DELETE FROM analytics_event WHERE id = :id"), {"id": event.id}
                )
        self._events = [event for event in self._events if event not in gone]
        self._is_clean = False

    @rule(seed=st.integers(0, 2**16))
    def rewrite(self, seed: int) -> None:
        chosen = random.Random(seed).sample(self._events, len(self._events) // 4)
        with self._engine.begin() as connection:
            for event in chosen:
                connection.execute(
                    text("UPDATE analytics_event SET user = NULL WHERE id = :id"), {"id": event.id}
                )
        self._insights.copy.refresh(event.id for event in chosen)

    @rule()
    def catch_up(self) -> None:
        self._insights.copy.step(at_once=True)

    @rule()
    def rebuild(self) -> None:
        self._insights.copy.rebuild()
        self._is_clean = True

    @rule(
        conditions=_CONDITIONS,
        sample=st.sampled_from(list(Sample)),
        first=st.integers(0, 59),
        days=st.integers(0, 60),
    )
    def ask(self, conditions: tuple[Condition, ...], sample: Sample, first: int, days: int) -> None:
        if not self._is_clean:
            self._insights.copy.reconcile()
            self._is_clean = True
        since = FIRST_DAY + timedelta(days=first)
        window = Window(since, since + timedelta(days=days), "America/New_York")
        scope = Scope(window, conditions, sample)
        by_team = Explore(Measure.USERS, ("team", "pluginId"), limit=None)
        for question in (Totals(), Searches(), Lifecycle(), by_team):
            ours = self._insights.ask(question, scope, directory=DIRECTORY).rows
            theirs = self._insights.ask_store(question, scope, directory=DIRECTORY)
            assert [*ours] == [*theirs]

    @invariant()
    def no_event_counts_twice(self) -> None:
        (row,) = self._insights.ask(Totals(), Scope(Window())).rows
        assert row["events"] >= len(self._events)
        assert not self._is_clean or row["events"] == len(self._events)

    def teardown(self) -> None:
        self._insights.close()
        self._engine.dispose()
        self._folder.cleanup()


CopyMachine.TestCase.settings = settings(max_examples=6, stateful_step_count=10, deadline=None)
TestCopy = CopyMachine.TestCase
