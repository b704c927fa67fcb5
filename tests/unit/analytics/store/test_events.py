import random
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import RecordedEvent
from backstage_py.analytics.ingest.pipeline import append_each
from backstage_py.analytics.store import EventStore, Stored
from backstage_py.analytics.store.engine import open_engine
from tests.unit.analytics.recorded import NOON, recorded, recorded_events


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=st.lists(recorded_events(), max_size=5))
def test_events_come_back_as_they_went_in(store: EventStore, events: list[RecordedEvent]) -> None:
    before = store.count()

    store.append(events)

    newest = store.read(limit=max(1, len(events))).events[: len(events)]
    assert list(reversed(newest)) == events
    assert store.count() == before + len(events)


@pytest.mark.parametrize("value", [None, 0, -7, 9007199254740991, 0.1, -1.5e-09])
def test_a_number_keeps_its_value_and_its_type(store: EventStore, value: float | None) -> None:
    store.append([recorded(value=value)])

    [event] = store.stream()
    assert (event.value, type(event.value)) == (value, type(value))


def test_an_id_is_stored_once_within_a_batch_and_across_batches(store: EventStore) -> None:
    one, other = recorded(), recorded()

    first = store.append([one, one])
    second = store.append([one, other])

    assert first == [Stored.NEW, Stored.DUPLICATE]
    assert second == [Stored.DUPLICATE, Stored.NEW]
    assert store.count() == 2


def test_the_first_of_two_events_with_one_id_stays(store: EventStore) -> None:
    first = recorded(subject="first")

    store.append([first])
    outcomes = store.append([recorded(), recorded(id=first.id, subject="second"), first])

    assert outcomes == [Stored.NEW, Stored.ID_TAKEN, Stored.DUPLICATE]
    assert [event.subject for event in store.stream() if event.id == first.id] == ["first"]


def test_a_batch_is_stored_whole_or_not_at_all(sqlite_engine: Engine) -> None:
    store = EventStore(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER full BEFORE INSERT ON analytics_event WHEN NEW.subject = 'last'"
                " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        )

    with pytest.raises(Exception, match="disk full"):
        store.append([recorded(), recorded(subject="last")])

    assert store.count() == 0


def test_threads_that_bring_the_same_events_store_each_once(store: EventStore) -> None:
    events = [recorded() for _ in range(200)]
    results: list[list[Stored]] = []
    threads = [
        threading.Thread(target=lambda: results.append(store.append(events))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert store.count() == 200
    assert [column.count(Stored.NEW) for column in zip(*results, strict=True)] == [1] * 200


def test_reading_filters_by_what_is_asked_for(store: EventStore) -> None:
    wanted = recorded(
        5,
        action="search",
        user="user:default/ann",
        session_id="visit",
        context={"pluginId": "search", "extension": "SearchPage", "routeRef": "search"},
    )
    store.append([recorded(), wanted, recorded(10)])

    questions: list[dict[str, Any]] = [
        {"action": "search"},
        {"plugin_id": "search"},
        {"user": "user:default/ann"},
        {"session_id": "visit"},
        {"since": wanted.timestamp, "until": recorded(9).timestamp},
    ]
    for question in questions:
        assert store.read(**question).events == (wanted,)


def test_pages_visit_every_event_once_while_others_arrive(store: EventStore) -> None:
    events = [recorded(subject=str(number)) for number in range(25)]
    store.append(events)
    seen: list[RecordedEvent] = []
    cursor = None
    while True:
        page = store.read(limit=10, cursor=cursor)
        seen += page.events
        store.append([recorded(subject="late")])
        cursor = page.next_cursor
        if cursor is None:
            break

    assert seen == events[::-1]


@pytest.mark.parametrize("cursor", ["", "x", "-1", "1.5", "²", "9" * 40])
def test_a_cursor_that_is_none_is_refused(store: EventStore, cursor: str) -> None:
    with pytest.raises(InvalidEventError, match=r"^cursor: "):
        store.read(cursor=cursor)


def test_a_stream_is_in_the_order_of_capture_over_many_blocks(store: EventStore) -> None:
    events = [recorded(minutes=number % 7) for number in range(2_500)]
    store.append(events)

    streamed = list(store.stream())

    assert streamed == sorted(events, key=lambda event: event.timestamp)


def test_a_stream_can_be_narrowed(store: EventStore) -> None:
    store.append([recorded(0), recorded(5, action="search"), recorded(5), recorded(10)])

    narrowed = list(
        store.stream(since=recorded(1).timestamp, until=recorded(10).timestamp, action="click")
    )

    assert [(event.action, event.timestamp) for event in narrowed] == [
        ("click", recorded(5).timestamp)
    ]


def test_an_event_without_its_core_context_is_stored_all_the_same(store: EventStore) -> None:
    store.append([recorded(context={})])

    assert [event.context for event in store.stream()] == [{}]


@pytest.mark.usefixtures("sqlite_engine")
def test_a_text_too_long_for_an_index_costs_no_other_event(postgresql_engine: Engine) -> None:
    numbers = random.Random(0)
    incompressible = "".join(chr(numbers.randrange(0x4E00, 0x9FFF)) for _ in range(4_000))
    long = recorded(1, context={"pluginId": incompressible})

    outcomes = append_each(EventStore(postgresql_engine), [recorded(0), long, recorded(2)])

    assert [one is Stored.NEW for one in outcomes] == [True, False, True]


def test_a_read_only_database_is_an_operational_error(tmp_path: Path) -> None:
    read_only = open_engine(
        {"DATABASE_URL": f"sqlite:///file:{tmp_path / 'events.db'}?mode=ro&uri=true"}
    )

    with pytest.raises(OperationalError):
        EventStore(read_only).append([recorded(timestamp=NOON)])
    read_only.dispose()


def test_a_broken_row_costs_no_more_than_itself(sqlite_engine: Engine) -> None:
    store = EventStore(sqlite_engine)
    for column, broken in (("context", "{"), ("timestamp", "noon"), ("attributes", "[1]")):
        event = recorded(subject=column)
        store.append([event])
        with sqlite_engine.begin() as connection:
            statement = f"UPDATE analytics_event SET {column} = ? WHERE id = ?"
            connection.exec_driver_sql(statement, (broken, event.id))
    whole = recorded(subject="whole")
    store.append([whole])

    assert store.read().events == (whole,)
    assert list(store.stream()) == [whole]
    assert [stored.event for stored in store.after(0, 9)] == [None, None, None, whole]
