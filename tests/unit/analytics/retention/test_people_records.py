import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select

from backstage_py.analytics.backends.api import AnalyticsApi
from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.backends.user_identity import UserIdentity, user_id_sha256
from backstage_py.analytics.errors import AnalyticsError, RejectedError, RetryLaterError
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.ingest.load import load_lines
from backstage_py.analytics.retention.keeper import Keeper
from backstage_py.analytics.retention.people_records import NOT_TOLD, PeopleRecords
from backstage_py.analytics.retention.retention import Retention
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deletions import DeletionLog
from backstage_py.analytics.store.deliveries import (
    Cursor,
    DeliveryState,
    DeliveryStore,
    PendingDelivery,
)
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.erasures import ErasureState
from backstage_py.analytics.store.migrate import migrate
from tests.unit.analytics.recorded import NOON, recorded

ADA = "user:default/ada.lovelace"
BOB = "user:default/bob"


class Tool(AnalyticsApi):
    """Erases users, unless it has a reason not to."""

    def __init__(self) -> None:
        self.erased: list[str] = []
        self.reasons: list[Exception] = []

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Take them."""

    def erase_user(self, user: str) -> None:
        if self.reasons:
            raise self.reasons.pop(0)
        self.erased.append(user)


class Keepsake(AnalyticsApi):
    """Cannot erase."""

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Take them."""


def backend(name: str, api: AnalyticsApi, identity: UserIdentity) -> Backend:
    return Backend(name, api, identity=identity)


def records(store: EventStore) -> PeopleRecords:
    return PeopleRecords(store.engine, lambda: "a secret of the tests")


def ids(events: Sequence[RecordedEvent]) -> list[str]:
    return [event.id for event in events]


@pytest.fixture
def mine(store: EventStore) -> list[RecordedEvent]:
    """Ada's events among those of others; one of them before she signed in."""
    events = [
        recorded(1, session_id="ada-1"),
        recorded(2, session_id="ada-1", user=ADA, subject="Ada's page"),
        recorded(3, session_id="shared", user=ADA),
    ]
    others = [
        recorded(4, session_id="shared"),
        recorded(5, session_id="shared", user=BOB),
        recorded(6, user=f"{ADA}x"),
        recorded(7),
        recorded(8, session_id="bob-1", user=BOB),
    ]
    store.append([*events, *others])
    return events


def test_an_export_is_all_of_a_person_and_nothing_of_others(
    store: EventStore, mine: list[RecordedEvent]
) -> None:
    assert list(records(store).export(ADA)) == mine


@pytest.mark.parametrize("ref", ["ada", "group:default/x", "user:default", "user:a/b c", ""])
def test_a_ref_that_is_not_a_users_is_one_clear_error(store: EventStore, ref: str) -> None:
    with pytest.raises(AnalyticsError, match="no entity ref of a user"):
        list(records(store).export(ref))


def test_an_erasure_takes_all_of_a_person_and_nothing_of_others(
    store: EventStore, mine: list[RecordedEvent]
) -> None:
    before = set(ids(list(store.stream())))

    erasure = records(store).erase(ADA, [], NOON)

    assert erasure.events == 3
    assert set(ids(list(store.stream()))) == before - set(ids(mine))
    (deletion,) = DeletionLog(store.engine).after(0)
    assert (deletion.reason, set(deletion.event_ids)) == ("erased", set(ids(mine)))


def test_dead_letters_and_owed_events_are_erased_too(
    store: EventStore, mine: list[RecordedEvent]
) -> None:
    deliveries = DeliveryStore(store.engine)
    deliveries.register("ga4")
    first, second, third, fourth, *_ = store.after(0, 10)
    deliveries.settle(
        "ga4",
        cursor=Cursor(fourth.position),
        parked=[
            PendingDelivery("ga4", one.position, one.id, None, state)
            for one, state in (
                (first, DeliveryState.DEAD),
                (second, DeliveryState.WAITING),
                (third, DeliveryState.DROPPED),
                (fourth, DeliveryState.DEAD),
            )
        ],
    )

    erasure = records(store).erase(ADA, [], NOON)

    assert erasure.undelivered == 3
    assert [one.event_id for one in deliveries.list()] == [fourth.id]


def test_the_audit_has_nothing_of_the_person(store: EventStore, mine: list[RecordedEvent]) -> None:
    tool = Tool()
    plain = UserIdentity("optional", lambda user: user)
    people = records(store)
    people.erase(ADA, [backend("tool", tool, plain)], NOON)
    Keeper(store.engine, Retention(), [backend("tool", tool, plain)]).step(NOON)

    (audit,) = people.erasures.list()
    assert tool.erased == [ADA]
    assert (audit.events, audit.erased_at, audit.person) == (3, NOON, people.person(ADA))
    assert "lovelace" not in everything_in(store.engine).replace(f"{ADA}x", "")


def test_nothing_of_the_person_is_left_in_sqlites_files(tmp_path: Path) -> None:
    file = tmp_path / "events.db"
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    migrate(engine)
    store = EventStore(engine)
    store.append([recorded(user=ADA, subject="Ada's diary", attributes={"note": "Ada's pet"})])
    store.append([recorded(user=BOB) for _ in range(50)])

    records(store).erase(ADA, [], NOON)

    left = b"".join(path.read_bytes() for path in tmp_path.glob("events.db*"))
    assert BOB.encode() in left
    assert b"lovelace" not in left
    assert b"Ada's" not in left
    engine.dispose()


def test_erased_events_do_not_come_back_when_they_are_loaded(
    store: EventStore, mine: list[RecordedEvent]
) -> None:
    lines = [json.dumps(event.to_wire()).encode() for event in mine]
    never_stored = recorded(-60, user=ADA)
    after = recorded(120, user=ADA)
    more = [json.dumps(one.to_wire()).encode() for one in (never_stored, after)]
    people = records(store)
    people.erase(ADA, [], NOON + timedelta(minutes=60))

    report = load_lines([*lines, *more], store, people)

    refused = {one["id"] for one in report.rejected}
    assert refused == {*ids(mine), never_stored.id}
    assert "was erased with its user" in report.rejected[0]["reason"]
    assert report.accepted == 1


def test_erased_people_stay_erased_when_the_secret_changes(store: EventStore) -> None:
    records(store).erase(ADA, [], NOON)
    late = recorded(-60, user=ADA)
    now = PeopleRecords(
        store.engine, lambda: "the secret after that", lambda: ["a secret of the tests"]
    )

    assert now.were_erased([late]) == {late.id}
    now.erase(ADA, [], NOON - timedelta(hours=1))
    assert now.were_erased([late]) == {late.id}


def test_an_erased_event_that_a_browser_sends_again_is_deleted_again(
    store: EventStore, mine: list[RecordedEvent]
) -> None:
    records(store).erase(ADA, [], NOON)
    store.append(mine)

    Keeper(store.engine, Retention()).step(NOON)

    assert not set(ids(mine)) & set(ids(list(store.stream())))


def test_backends_are_asked_by_the_id_that_they_know(store: EventStore) -> None:
    hashed, untold = Tool(), Tool()
    backends = [
        backend("hashed", hashed, UserIdentity("optional", user_id_sha256)),
        backend("keepsake", Keepsake(), UserIdentity("optional", user_id_sha256)),
        backend("untold", untold, UserIdentity()),
    ]
    people = records(store)

    people.erase(ADA, backends, NOON)
    Keeper(store.engine, Retention(), backends).step(NOON)

    (erasure,) = people.erasures.list()
    states = {task.backend: (task.state, task.failure.reason) for task in erasure.tasks}
    assert states == {
        "hashed": (ErasureState.DONE, None),
        "keepsake": (
            ErasureState.IMPOSSIBLE,
            "It cannot erase users: do it in the tool itself",
        ),
        "untold": (ErasureState.UNKNOWN, NOT_TOLD),
    }
    assert (hashed.erased, untold.erased) == ([user_id_sha256(ADA)], [])
    assert user_id_sha256(ADA) not in everything_in(store.engine)


def test_a_backend_that_may_just_be_sent_an_event_is_asked_when_it_has_arrived(
    store: EventStore, mine: list[RecordedEvent]
) -> None:
    behind, ahead = Tool(), Tool()
    identity = UserIdentity("optional", user_id_sha256)
    backends = [backend("behind", behind, identity), backend("ahead", ahead, identity)]
    deliveries = DeliveryStore(store.engine)
    for name, position in (("behind", 1), ("ahead", store.last_position())):
        deliveries.register(name)
        deliveries.settle(name, cursor=Cursor(position))
    keeper = Keeper(store.engine, Retention(), backends)
    records(store).erase(ADA, backends, NOON)

    keeper.step(NOON + timedelta(seconds=59))
    assert (behind.erased, ahead.erased) == ([], [user_id_sha256(ADA)])
    keeper.step(NOON + timedelta(seconds=60))

    assert behind.erased == [user_id_sha256(ADA)]


def test_a_backend_that_is_down_is_asked_again_until_it_has(store: EventStore) -> None:
    tool = Tool()
    tool.reasons = [RetryLaterError("HTTP 503", after_seconds=120), OSError("no route")]
    backends = [backend("tool", tool, UserIdentity("optional", user_id_sha256))]
    people = records(store)
    people.erase(ADA, backends, NOON)
    keeper = Keeper(store.engine, Retention(), backends)

    keeper.step(NOON)
    keeper.step(NOON + timedelta(seconds=119))
    (waiting,) = people.erasures.list()[0].tasks
    keeper.step(NOON + timedelta(seconds=121))
    keeper.step(NOON + timedelta(hours=1))

    assert (waiting.state, waiting.failure.tries, waiting.failure.reason) == (
        ErasureState.WAITING,
        1,
        "HTTP 503",
    )
    assert people.erasures.list()[0].tasks[0].state is ErasureState.DONE
    assert tool.erased == [user_id_sha256(ADA)]


def test_a_backend_that_refuses_or_is_gone_is_listed_with_the_reason(store: EventStore) -> None:
    tool = Tool()
    tool.reasons = [RejectedError("HTTP 400: no such project")]
    identity = UserIdentity("optional", user_id_sha256)
    people = records(store)
    people.erase(ADA, [backend("tool", tool, identity), backend("gone", tool, identity)], NOON)

    Keeper(store.engine, Retention(), [backend("tool", tool, identity)]).step(NOON)

    told = {one.backend: one.to_wire() for one in people.erasures.list()[0].tasks}
    assert told["tool"]["state"] == told["gone"]["state"] == "impossible"
    assert told["tool"]["reason"] == "HTTP 400: no such project"
    assert "not configured any more" in told["gone"]["reason"]


def test_a_backend_that_hangs_is_given_up_for_now(store: EventStore) -> None:
    import threading

    never = threading.Event()

    class Hanging(Tool):
        def erase_user(self, user: str) -> None:
            never.wait(60)

    hanging = Backend("tool", Hanging(), DeliveryPolicy(timeout=0.01))
    people = records(store)
    people.erase(ADA, [hanging], NOON)

    Keeper(store.engine, Retention(), [hanging]).step(NOON)
    never.set()

    (task,) = people.erasures.list()[0].tasks
    assert (task.state, task.failure.reason) == (
        ErasureState.WAITING,
        "no answer within 0.01 seconds",
    )


def everything_in(engine: Engine) -> str:
    """All rows of all tables, as text."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return "\n".join(
            str(tuple(row))
            for table in tables.sorted_tables
            for row in connection.execute(select(table))
        ).lower()
