import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.backends.user_identity import UserIdentity, user_id_plain
from backstage_py.analytics.delivery.worker import Pause, Worker
from backstage_py.analytics.errors import RetryLaterError, UnansweredError
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deliveries import DeliveryState, DeliveryStore
from backstage_py.analytics.store.sample import sample_session
from tests.unit.analytics.delivery.tool import DOWN, Tool
from tests.unit.analytics.recorded import NOON, recorded

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Bench:
    """A worker, its tool, and a clock that the test moves."""

    def __init__(self, store: EventStore, api: AnalyticsApi | None = None, **policy: Any) -> None:
        self.store = store
        self.deliveries = DeliveryStore(store.engine)
        self.tool = Tool()
        self.backend = Backend("tool", api or self.tool, DeliveryPolicy(**policy))
        self.metrics = Metrics()
        self.now = MORNING
        self.deliveries.register("tool")
        self.restart()

    def restart(self) -> None:
        """As a new process would be."""
        self.worker = Worker(self.backend, self.store, self.deliveries, self.metrics)

    def capture(self, *subjects: str, session: str | None = None) -> None:
        self.store.append([recorded(subject=subject, session_id=session) for subject in subjects])

    def work(self) -> Pause:
        """Steps until there is nothing to do at this moment."""
        for _ in range(1_000):
            pause = self.worker.step(self.now)
            if pause is not None:
                return pause
        raise AssertionError("it never rests")

    def work_for(self, time: timedelta) -> None:
        """Steps at every moment at which there is something to do."""
        end = self.now + time
        while True:
            pause = self.work()
            if pause.until is None or pause.until > end:
                break
            self.now = pause.until
        self.now = end

    def parked(self, state: DeliveryState) -> list[tuple[str, str | None]]:
        return [
            (self.subject(one.position), one.failure.reason)
            for one in self.deliveries.list(state=state)
        ]

    def subject(self, position: int) -> str:
        [stored] = self.store.at([position])
        assert stored.event
        return stored.event.subject


@pytest.fixture
def bench(store: EventStore) -> Bench:
    return Bench(store)


def test_owed_events_are_delivered_once_and_in_order(bench: Bench) -> None:
    bench.capture(*map(str, range(250)))

    bench.work()
    bench.capture("last")
    bench.work()

    assert bench.tool.subjects() == [*map(str, range(250)), "last"]
    assert [len(call) for call in bench.tool.calls] == [100, 100, 50, 1]


def test_a_backend_is_owed_what_comes_after_it_was_configured(store: EventStore) -> None:
    store.append([recorded(subject="before")])
    bench = Bench(store)
    bench.capture("after")

    bench.work()
    bench.deliveries.register("tool")
    bench.restart()
    bench.work()

    assert bench.tool.subjects() == ["after"]


def test_a_backend_that_was_down_for_days_gets_what_waited(bench: Bench) -> None:
    bench.capture(*map(str, range(50)))
    bench.tool.trouble = DOWN
    bench.work_for(30 * HOUR)
    tried = bench.tool.calls.copy()
    bench.restart()

    bench.tool.trouble = None
    bench.work_for(HOUR)

    assert bench.parked(DeliveryState.DEAD) == [("0", "HTTP 503")]
    assert bench.tool.subjects() == [str(number) for number in range(1, 50)]
    assert {len(call) for call in tried[1:]} == {1}
    assert len(tried) < 2_000


def test_a_day_of_trouble_is_not_a_reason_to_give_up(bench: Bench) -> None:
    bench.capture("patient")
    bench.tool.trouble = DOWN
    bench.work_for(23 * HOUR)

    bench.tool.trouble = None
    bench.work_for(HOUR)

    assert bench.tool.subjects() == ["patient"]


def test_it_is_given_up_only_after_the_tries_and_the_time(store: EventStore) -> None:
    bench = Bench(store, tries=3, give_up_after=3_600)
    bench.capture("hopeless", "next")
    bench.tool.trouble = DOWN

    bench.work_for(0.9 * HOUR)
    before = bench.parked(DeliveryState.DEAD)
    bench.work_for(0.3 * HOUR)

    assert before == []
    assert bench.parked(DeliveryState.DEAD) == [("hopeless", "HTTP 503")]
    bench.tool.trouble = None
    bench.work_for(HOUR)
    assert bench.tool.subjects() == ["next"]


def test_the_tool_says_when_it_may_be_asked_again(bench: Bench) -> None:
    bench.capture("event")
    bench.tool.trouble = RetryLaterError("HTTP 429", after_seconds=600)

    pause = bench.work()

    assert pause.until == MORNING + timedelta(seconds=600)
    bench.now += timedelta(seconds=599)
    bench.work()
    assert len(bench.tool.calls) == 1


def test_a_poisoned_event_is_found_and_put_aside(bench: Bench) -> None:
    bench.capture(*map(str, range(30)), "rejected", *map(str, range(30, 60)))

    bench.work()

    assert sorted(bench.tool.subjects(), key=int) == [str(number) for number in range(60)]
    assert bench.parked(DeliveryState.DEAD) == [("rejected", "the tool refuses it")]
    assert len(bench.tool.calls) < 20


def test_an_unwanted_event_is_not_a_dead_letter(bench: Bench) -> None:
    bench.capture("a", "unwanted", "b")

    bench.work()

    assert bench.tool.subjects() == ["a", "b"]
    assert bench.parked(DeliveryState.DEAD) == []
    assert bench.parked(DeliveryState.DROPPED) == [("unwanted", "the tool does not want it")]


def test_a_mistake_with_an_event_puts_it_among_the_dead_letters(bench: Bench) -> None:
    bench.capture("a", "broken", "b", session="one")

    bench.work()

    assert bench.tool.subjects() == ["a", "b"]
    assert bench.parked(DeliveryState.DEAD) == [("broken", "ValueError: cannot make sense of it")]


def test_an_event_that_breaks_every_batch_does_not_hold_up_the_others(bench: Bench) -> None:
    bench.capture("stuck", session="one")
    bench.capture("waits", session="one")
    bench.capture("a", "b", session="two")
    bench.capture("c")

    bench.work_for(HOUR)

    assert bench.tool.subjects() == ["a", "b", "c"]
    waiting = bench.parked(DeliveryState.WAITING)
    assert waiting == [("stuck", "HTTP 500"), ("waits", None)]


def test_the_order_of_a_session_is_kept_when_its_event_is_fixed(bench: Bench) -> None:
    bench.capture("stuck", session="one")
    bench.capture("second", "third", session="one")
    bench.capture("other", session="two")
    bench.work_for(HOUR)
    bench.capture("fourth", session="one")
    bench.work_for(HOUR)

    bench.tool.is_mended = True
    bench.work_for(HOUR)

    assert bench.tool.subjects() == ["other", "stuck", "second", "third", "fourth"]
    assert bench.parked(DeliveryState.WAITING) == []


def test_what_waits_behind_a_dead_letter_goes_on(store: EventStore) -> None:
    bench = Bench(store, tries=2, give_up_after=1)
    bench.capture("stuck", "next", session="one")
    bench.capture("other", session="two")

    bench.work_for(HOUR)

    assert bench.tool.subjects() == ["next", "other"]
    assert bench.parked(DeliveryState.DEAD) == [("stuck", "HTTP 500")]


def test_a_dead_letter_is_tried_again_when_the_owner_says_so(store: EventStore) -> None:
    bench = Bench(store, tries=1, give_up_after=0.001)
    bench.capture("stuck", "fine")
    bench.work_for(HOUR)
    bench.tool.is_mended = True

    assert bench.deliveries.retry(backend="tool") == 1
    bench.work()

    assert bench.tool.subjects() == ["fine", "stuck"]
    assert bench.deliveries.list() == []


def test_a_row_that_is_broken_is_a_dead_letter(bench: Bench) -> None:
    bench.capture("a", "b", "c")
    with bench.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE analytics_event SET context = 'no' WHERE subject = 'b'")

    bench.work()

    assert bench.tool.subjects() == ["a", "c"]
    [dead] = bench.deliveries.list(state=DeliveryState.DEAD)
    assert dead.failure.reason == "The event's row in the store is broken"


def test_an_event_that_is_gone_is_not_waited_for(bench: Bench) -> None:
    bench.capture("a", "stuck")
    bench.work_for(HOUR)
    with bench.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM analytics_event")

    bench.work_for(HOUR)

    assert bench.deliveries.list() == []


def test_sessions_share_the_lanes_and_keep_their_order(store: EventStore) -> None:
    together = threading.Barrier(2)

    class Slow(AnalyticsApi):
        def __init__(self) -> None:
            self.taken: list[RecordedEvent] = []

        def capture_events(self, events: Sequence[RecordedEvent]) -> None:
            if len(self.taken) < 2:
                together.wait(timeout=10)
            self.taken += events

    api = Slow()
    bench = Bench(store, api, concurrency=2, batch_events=20)
    sessions = [str(number) for number in range(8)]
    for number in range(5):
        for session in sessions:
            bench.capture(f"{session}-{number}", session=session)

    bench.work()

    for session in sessions:
        taken = [event.subject for event in api.taken if event.session_id == session]
        assert taken == [f"{session}-{number}" for number in range(5)]


def test_a_backend_that_hangs_is_left_alone_and_logged(store: EventStore) -> None:
    release = threading.Event()

    class Hanging(AnalyticsApi):
        calls = 0

        def capture_event(self, event: RecordedEvent) -> None:
            Hanging.calls += 1
            release.wait(timeout=30)

    bench = Bench(store, Hanging(), timeout=0.05)
    bench.capture("event")

    bench.work_for(HOUR)
    release.set()

    cursor = bench.deliveries.cursor("tool")
    assert Hanging.calls == 3
    assert cursor.failure.reason == "3 earlier calls still hang"


def test_a_tool_that_counts_twice_and_does_not_answer_costs_few_events_of_a_day(
    bench: Bench,
) -> None:
    bench.tool.trouble = UnansweredError("no answer")
    bench.capture(*map(str, range(1_000)))
    bench.work_for(24 * HOUR)

    assert [len(call) for call in bench.tool.calls[:4]] == [100, 1, 1, 1]
    given_up = len(bench.parked(DeliveryState.DEAD))
    assert given_up < 100 + 24 * 60 / 2.5  # the pauses are of 2.5 to 5 minutes at last

    bench.tool.trouble = None
    bench.work_for(HOUR)

    assert len(bench.tool.taken) == 1_000 - given_up
    assert bench.deliveries.cursor("tool").failure.tries == 0


def test_the_figures_add_up(store: EventStore) -> None:
    bench = Bench(store, tries=1, give_up_after=0.001)
    bench.capture("a", "rejected", "unwanted", "b")
    bench.work_for(HOUR)
    bench.capture("owed")

    [backlog] = bench.deliveries.backlogs()

    assert (backlog.owed, backlog.waiting, backlog.dead, backlog.dropped) == (1, 0, 1, 1)
    [owed] = store.after(bench.deliveries.cursor("tool").position, 10)
    assert owed.event
    assert backlog.oldest_owed == owed.event.received_at
    text = bench.metrics.to_text().decode()
    assert 'analytics_events_delivered_total{backend="tool"} 2.0' in text
    assert 'analytics_events_dead_total{backend="tool"} 1.0' in text


def test_dead_letters_are_forgotten_when_the_owner_says_so(bench: Bench) -> None:
    bench.capture("rejected", "unwanted", "rejected")
    bench.work()
    first = bench.deliveries.list()[0]

    one = bench.deliveries.purge(event_id=first.event_id)
    rest = bench.deliveries.purge()

    assert (one, rest, bench.deliveries.list()) == (1, 2, [])


class TestUsersThatAreRequired:
    @pytest.fixture
    def bench(self, store: EventStore) -> Bench:
        bench = Bench(store)
        bench.backend = Backend(
            "tool",
            bench.tool,
            identity=UserIdentity("required", user_id_plain),
            users_of_sessions=store.users_of_sessions,
        )
        bench.restart()
        return bench

    def capture(self, bench: Bench, subject: str, session: str | None, user: str | None) -> None:
        bench.store.append([recorded(subject=subject, session_id=session, user=user)])

    def test_events_are_held_until_the_user_is_known(self, bench: Bench) -> None:
        self.capture(bench, "before", "visit-1", None)
        self.capture(bench, "other", "visit-2", "ann")
        bench.work()
        assert bench.tool.subjects() == ["other"]
        assert [reason for _, reason in bench.parked(DeliveryState.WAITING)] == [
            "Waits until the user of its session is known"
        ]

        self.capture(bench, "after", "visit-1", "bob")
        bench.work_for(HOUR)

        assert [(one.subject, one.user) for one in bench.tool.taken] == [
            ("other", "ann"),
            ("before", "bob"),
            ("after", "bob"),
        ]
        assert {one.timestamp for one in bench.tool.taken} == {NOON}

    def test_anonymous_sessions_hold_up_nobody_and_are_dropped_in_the_end(
        self, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("backstage_py.analytics.delivery.worker.HELD_SECONDS", 900)
        for number in range(5):
            self.capture(bench, f"stranger {number}", f"visit-{number}", None)
        self.capture(bench, "nobody's", None, None)
        bench.work_for(HOUR)
        self.capture(bench, "known", "visit-9", "ann")
        bench.work_for(timedelta(hours=30))

        assert bench.tool.subjects() == ["known"]
        assert bench.parked(DeliveryState.WAITING) == bench.parked(DeliveryState.DEAD) == []
        assert len(bench.parked(DeliveryState.DROPPED)) == 6

    def test_a_tool_that_is_down_is_not_mixed_up_with_strangers(self, bench: Bench) -> None:
        bench.tool.trouble = DOWN
        self.capture(bench, "stranger", "visit-1", None)
        self.capture(bench, "known", "visit-2", "ann")
        bench.work_for(timedelta(minutes=2))
        assert bench.deliveries.cursor("tool").failure.tries > 1

        bench.tool.trouble = None
        bench.work_for(HOUR)

        assert bench.tool.subjects() == ["known"]
        assert [subject for subject, _ in bench.parked(DeliveryState.WAITING)] == ["stranger"]

    def test_more_anonymous_sessions_than_are_checked_hold_up_nobody(self, bench: Bench) -> None:
        sessions = [f"visit-{number}" for number in range(1_200)]
        bench.store.append([recorded(subject="stranger", session_id=one) for one in sessions])
        bench.work()
        self.capture(bench, "signed in", "visit-1199", "ann")
        bench.work_for(timedelta(minutes=15))

        assert bench.tool.subjects() == ["stranger", "signed in"]


def test_events_of_an_interval_are_sent_at_its_end(store: EventStore) -> None:
    bench = Bench(store, interval=600, batch_events=2)
    bench.capture("one")
    bench.work()
    bench.capture("two", "three", "four")
    pause = bench.work()

    assert pause.until == MORNING + timedelta(minutes=10)
    assert bench.tool.calls == [["one"]]

    bench.work_for(timedelta(minutes=10))

    assert bench.tool.calls == [["one"], ["two", "three"], ["four"]]
    assert bench.deliveries.cursor("tool").failure.tries == 0


def test_sample_data_is_sent_to_no_tool(store: EventStore) -> None:
    bench = Bench(store)
    bench.capture("made up", session=sample_session("1"))
    bench.capture("real")

    bench.work()

    assert bench.tool.subjects() == ["real"]
    assert bench.deliveries.backlogs()[0].owed == 0
