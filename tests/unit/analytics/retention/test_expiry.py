from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.retention.keeper import Keeper, count_due
from backstage_py.analytics.retention.listeners import on_deletion
from backstage_py.analytics.retention.retention import Retention
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deletions import Deletion, DeletionLog
from backstage_py.analytics.store.deliveries import (
    Cursor,
    DeliveryState,
    DeliveryStore,
    PendingDelivery,
)
from tests.unit.analytics.recorded import NOON, recorded

DAY = 24 * 60
CLICKS = Retention(default=timedelta(days=400), actions={"click": timedelta(days=90)})


def old(days: float, **fields: object) -> RecordedEvent:
    return recorded(-days * DAY, **fields)


def ids(events: Iterable[RecordedEvent]) -> set[str]:
    return {event.id for event in events}


def keeper(engine: Engine, retention: Retention = CLICKS) -> Keeper:
    return Keeper(engine, retention, metrics=Metrics(), clock=lambda: NOON)


@pytest.fixture
def heard() -> Iterator[list[Deletion]]:
    deletions: list[Deletion] = []
    stop = on_deletion(deletions.append)
    yield deletions
    stop()


def test_each_action_is_kept_as_long_as_its_rule_says(store: EventStore) -> None:
    kept = [old(89), old(399, action="search"), old(1, action="navigate")]
    store.append([old(91), *kept, old(401, action="search"), old(500)])

    count = keeper(store.engine).expire(NOON, lambda: False)

    assert count == 3
    assert ids(store.stream()) == ids(kept)


def test_an_action_may_be_kept_longer_than_others(store: EventStore) -> None:
    longer = Retention(default=timedelta(days=10), actions={"create": timedelta(days=400)})
    store.append([old(20), created := old(20, action="create")])

    keeper(store.engine, longer).expire(NOON, lambda: False)

    assert list(store.stream()) == [created]


def test_what_would_go_is_said_without_deleting(store: EventStore) -> None:
    store.append([old(91), old(92), old(500, action="search"), old(1)])

    assert count_due(store.engine, CLICKS.rules(NOON)) == {"click": 2, "search": 1}
    assert store.count() == 4


def test_a_thousand_go_in_batches_between_which_others_write(store: EventStore) -> None:
    store.append([old(100) for _ in range(1_100)])
    written: list[RecordedEvent] = []

    def write_between() -> bool:
        written.append(recorded())
        store.append(written[-1:])
        return False

    assert keeper(store.engine).expire(NOON, write_between) == 1_100
    assert len(written) == 3
    assert ids(store.stream()) == ids(written)


def test_it_stops_when_it_is_asked_to(store: EventStore) -> None:
    store.append([old(100) for _ in range(1_100)])

    assert keeper(store.engine).expire(NOON, lambda: True) == 500
    assert store.count() == 600


def test_what_a_backend_is_owed_stays_until_it_is_delivered_or_the_bound(
    store: EventStore,
) -> None:
    DeliveryStore(store.engine).register("ga4")
    store.append([owed := old(91), old(90 + 31)])

    assert keeper(store.engine).expire(NOON, lambda: False) == 1
    assert list(store.stream()) == [owed]

    DeliveryStore(store.engine).skip("ga4")
    assert keeper(store.engine).expire(NOON, lambda: False) == 1
    assert store.count() == 0


def test_what_waits_to_be_tried_again_stays_and_dead_letters_go(store: EventStore) -> None:
    store.append([waits := old(91), old(92)])
    first, second = store.after(0, 2)
    deliveries = DeliveryStore(store.engine)
    deliveries.register("ga4")
    deliveries.settle(
        "ga4",
        cursor=Cursor(second.position),
        parked=[
            PendingDelivery("ga4", first.position, first.id, None, DeliveryState.WAITING),
            PendingDelivery("ga4", second.position, second.id, None, DeliveryState.DEAD),
        ],
    )

    keeper(store.engine).expire(NOON, lambda: False)

    assert list(store.stream()) == [waits]
    assert [one.event_id for one in deliveries.list()] == [first.id]


def test_copies_learn_by_which_rule_events_were_deleted(
    store: EventStore, heard: list[Deletion]
) -> None:
    store.append([old(91), old(500, action="search"), old(600, action="search")])

    keeper(store.engine).expire(NOON, lambda: False)

    log = DeletionLog(store.engine).after(0)
    assert heard == log
    assert [(one.reason, one.action, one.before) for one in log] == [
        ("expired", "click", NOON - timedelta(days=90)),
        ("expired", "search", NOON - timedelta(days=400)),
    ]
    assert DeletionLog(store.engine).last_position() == log[-1].position


def test_a_failing_listener_does_no_harm(
    store: EventStore, heard: list[Deletion], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_deletion: Deletion) -> None:
        raise RuntimeError

    stop = on_deletion(fail)
    store.append([old(91)])
    keeper(store.engine).expire(NOON, lambda: False)
    stop()

    assert len(heard) == 1
    assert "A listener to deletions failed" in caplog.text


def test_expiry_is_due_once_an_hour(store: EventStore) -> None:
    metrics = Metrics()
    one = Keeper(store.engine, CLICKS, metrics=metrics)
    one.step(NOON)
    store.append([old(100)])

    one.step(NOON + timedelta(minutes=59))
    assert store.count() == 1
    one.step(NOON + timedelta(minutes=60))

    assert store.count() == 0
    assert b"analytics_events_expired_total 1.0" in metrics.to_text()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ages=st.lists(st.tuples(st.sampled_from(["click", "search", "view"]), st.integers(0, 500))),
    click=st.integers(1, 450),
    default=st.none() | st.integers(1, 450),
)
def test_what_is_left_is_what_a_plain_filter_leaves(
    store: EventStore, ages: list[tuple[str, int]], click: int, default: int | None
) -> None:
    everything = Retention(default=timedelta(seconds=1))
    keeper(store.engine, everything).expire(NOON + timedelta(days=1), lambda: False)
    events = [old(days, action=action) for action, days in ages]
    store.append(events)
    longest = {"click": click, "search": default, "view": default}
    retention = Retention(
        default=None if default is None else timedelta(days=default),
        actions={"click": timedelta(days=click)},
    )

    keeper(store.engine, retention).expire(NOON, lambda: False)

    limits = (
        (event, longest[event.action], days) for event, (_, days) in zip(events, ages, strict=True)
    )
    assert ids(store.stream()) == {
        event.id for event, limit, days in limits if limit is None or days <= limit
    }
