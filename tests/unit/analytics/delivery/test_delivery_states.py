"""Deliveries against a model, with a tool that fails in every way and a process that dies."""

import shutil
import tempfile
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.delivery.worker import Worker
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deliveries import DeliveryState, DeliveryStore
from backstage_py.analytics.store.engine import open_engine
from tests.unit.analytics.delivery.tool import DOWN, Tool
from tests.unit.analytics.recorded import recorded

SUBJECTS = ("fine", "fine", "fine", "rejected", "unwanted", "broken", "stuck")
SESSIONS = (None, "one", "two", "three")


class ProcessDiedError(Exception):
    """Raised where the process is to die."""


class MortalDeliveryStore(DeliveryStore):
    """Dies at the next `settle`, before its commit or after."""

    dies: str | None = None

    def settle(self, backend: str, **changes: Any) -> None:
        """Write down what became of a wave, or die."""
        if self.dies == "before":
            raise ProcessDiedError
        super().settle(backend, **changes)
        if self.dies == "after":
            raise ProcessDiedError


class Deliveries(RuleBasedStateMachine):
    """A backend's accepted events, compared with the database."""

    empty_database: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        file = shutil.copy(self.empty_database, Path(self.folder.name) / "events.db")
        self.engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
        self.events = EventStore(self.engine)
        self.deliveries = MortalDeliveryStore(self.engine)
        self.tool = Tool()
        self.now = datetime(2026, 11, 23, 9, tzinfo=UTC)
        self.captured: dict[str, tuple[str | None, str]] = {}
        self.given_up: set[str] = set()
        self.deliveries.register("tool")

    @initialize(batch=st.sampled_from([1, 3, 100]), lanes=st.integers(1, 3))
    def start(self, batch: int, lanes: int) -> None:
        policy = DeliveryPolicy(
            batch_events=batch, concurrency=lanes, tries=3, give_up_after=3_600, retry_most=600
        )
        self.backend = Backend("tool", self.tool, policy)
        self.restart()

    @rule(
        batch=st.lists(
            st.tuples(st.sampled_from(SESSIONS), st.sampled_from(SUBJECTS)), min_size=1, max_size=6
        )
    )
    def capture(self, batch: list[tuple[str | None, str]]) -> None:
        events = [recorded(session_id=session, subject=subject) for session, subject in batch]
        self.events.append(events)
        self.captured |= {event.id: (event.session_id, event.subject) for event in events}

    @rule()
    def step(self) -> None:
        self.worker.step(self.now)

    @rule(dies=st.sampled_from(["before", "after"]))
    def die(self, dies: str) -> None:
        self.deliveries.dies = dies
        try:
            self.worker.step(self.now)
        except ProcessDiedError:
            self.restart()
        self.deliveries.dies = None

    @rule()
    def restart(self) -> None:
        self.worker = Worker(self.backend, self.events, self.deliveries, Metrics())

    @rule(minutes=st.sampled_from([0.1, 1, 20, 90]))
    def wait(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(is_down=st.booleans(), is_mended=st.booleans())
    def change_the_tool(self, is_down: bool, is_mended: bool) -> None:  # ruff: ignore[boolean-type-hint-positional-argument]
        self.tool.trouble = DOWN if is_down else None
        self.tool.is_mended = is_mended

    @rule()
    def retry(self) -> None:
        self.deliveries.retry(backend="tool")

    @invariant()
    def nothing_counts_as_delivered_that_was_not(self) -> None:
        taken = {event.id for event in self.tool.taken}
        assert self.in_state("delivered") <= taken

    @invariant()
    def every_event_has_one_state(self) -> None:
        states = ("owed", "delivered", *DeliveryState)
        everywhere = [id_ for state in states for id_ in self.in_state(state)]
        assert sorted(everywhere) == sorted(self.captured)

    @invariant()
    def a_session_keeps_its_order(self) -> None:
        """Events that were never given up are first accepted in capture order."""
        self.given_up |= self.in_state(DeliveryState.DEAD)
        first_taken: dict[str | None, list[str]] = defaultdict(list)
        for event in self.tool.taken:
            if event.id not in first_taken[event.session_id] and event.id not in self.given_up:
                first_taken[event.session_id].append(event.id)
        for session, ids in first_taken.items():
            if session is not None:
                assert ids == sorted(ids)

    def in_state(self, state: str) -> set[str]:
        """The ids of the events in a state, from the database."""
        cursor = self.deliveries.cursor("tool").position
        parked = {one.event_id: one.state for one in self.deliveries.list()}
        above = {one.id for one in self.events.after(cursor, 10_000)}
        if state == "owed":
            return above
        if state == "delivered":
            return self.captured.keys() - above - parked.keys()
        return {id_ for id_, own in parked.items() if own == state}

    def teardown(self) -> None:
        """In the end the tool works, and whatever can be delivered has been."""
        try:
            if hasattr(self, "backend"):
                self.finish()
        finally:
            self.engine.dispose()
            self.folder.cleanup()

    def finish(self) -> None:
        self.tool.trouble, self.tool.is_mended = None, True
        self.deliveries.retry()
        for _ in range(10_000):
            pause = self.worker.step(self.now)
            if pause is not None:
                if pause.until is None:
                    break
                self.now = pause.until
        taken = {event.id for event in self.tool.taken}
        for id_, (_, subject) in self.captured.items():
            assert (id_ in taken) == (subject in {"fine", "stuck"})
        assert self.in_state("owed") == self.in_state(DeliveryState.WAITING) == set()


def test_deliveries_keep_their_promises(
    empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deliveries, "empty_database", empty_database, raising=False)

    run_state_machine_as_test(
        Deliveries, settings=settings(max_examples=40, stateful_step_count=30, deadline=None)
    )
