import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from backstage_py.analytics import AnalyticsError, EventStore, RecordedEvent
from backstage_py.insights import Condition, Explore, Insights, Measure, Operator
from backstage_py.insights.clickhouse import clickhouse_table
from backstage_py.insights.clickhouse.clickhouse_table import ClickHouseTable
from backstage_py.insights.clickhouse.server import ClickHouseError
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from backstage_py.insights.clickhouse.table import EventTable
from tests.unit.insights.history import draw_event, draw_events
from tests.unit.insights.test_copy import ALL, count, counts, counts_of, delete

_ONE = "user:default/u1"


def table_of(insights: Insights) -> EventTable:
    assert isinstance(insights.copy._table, ClickHouseTable)
    return insights.copy._table._table


def command(insights: Insights, statement: str) -> None:
    table = table_of(insights)
    table.server.command(statement.format(table=table.name))


def copied(insights: Insights) -> int:
    return insights.trust(ALL).in_copy


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backstage_py.insights.insights.TRUSTED_SECONDS", 0.0)


def test_an_empty_store_has_no_rows(insights: Insights) -> None:
    assert insights.copy.step(at_once=True)
    assert counts(insights) == {}
    assert insights.trust(ALL).copied_at is None


def test_the_newest_events_count_before_they_are_copied_and_once_after(
    store: EventStore, insights: Insights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clickhouse_table, "BLOCK_EVENTS", 15)
    events = draw_events(60)
    store.append(events[:40])
    assert insights.copy.step(at_once=True)
    store.append(events[40:])

    assert counts(insights) == counts_of(events)
    trust = insights.trust(ALL)
    assert (trust.in_copy, trust.from_store) == (40, 20)
    assert trust.copied_at is not None
    assert trust.copied_at < trust.asked_at
    insights.keep()
    assert counts(insights) == counts_of(events)
    assert copied(insights) == 60


def test_a_process_may_be_killed_after_an_insert_or_know_nothing_of_it(
    store: EventStore, insights: Insights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clickhouse_table, "BLOCK_EVENTS", 15)
    events = draw_events(50)
    store.append(events)
    server = table_of(insights).server
    insert = server.insert

    def insert_and_fall(*given: Any) -> None:
        insert(*given)
        raise ClickHouseError("ClickHouse", "does not answer", "")

    monkeypatch.setattr(server, "insert", insert_and_fall)
    with pytest.raises(ClickHouseError):
        insights.copy.step(at_once=True)
    monkeypatch.setattr(server, "insert", insert)
    assert counts(insights) == counts_of(events)
    insights.copy.step(at_once=True)
    table_of(insights).insert(store.after(10, 30), 1)

    assert counts(insights) == counts_of(events)
    assert copied(insights) == 50
    assert insights.copy.agrees()


def test_deleted_events_leave_and_missing_ones_come_back(
    store: EventStore, insights: Insights
) -> None:
    events = draw_events(60)
    store.append(events)
    insights.copy.step(at_once=True)
    delete(store, events[10:30])
    command(insights, "DELETE FROM {table} WHERE position IN (3, 4)")

    assert not insights.copy.agrees()
    assert insights.copy.reconcile() == 20
    assert counts(insights) == counts_of(events[:10] + events[30:])
    assert copied(insights) == 40
    assert insights.copy.reconcile() == 0


def test_a_broken_row_costs_no_more_than_itself(store: EventStore, insights: Insights) -> None:
    events = draw_events(30)
    store.append(events)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE analytics_event SET context = '[' WHERE position = 7"))
    insights.copy.step(at_once=True)

    assert counts(insights) == counts_of(events[:6] + events[7:])
    assert insights.copy.reconcile() == 0
    delete(store, events[6:8])
    assert insights.copy.reconcile() == 2
    assert counts(insights) == counts_of(events[:6] + events[8:])


def test_a_rewritten_event_is_refreshed_and_the_old_name_is_nowhere(
    store: EventStore, insights: Insights
) -> None:
    events = draw_events(50)
    store.append(events)
    table = table_of(insights)
    insights.copy.step(at_once=True)
    table.insert(store.after(0, 40), 2**60)
    mine = [event for event in events if event.user == _ONE]
    with store.engine.begin() as connection:
        connection.execute(
            text("UPDATE analytics_event SET user = NULL WHERE user = :one"), {"one": _ONE}
        )
    delete(store, mine[:1])

    assert insights.copy.refresh(event.id for event in mine)

    found = counts(insights)
    assert sum(found.values()) == 49
    assert not any(user == _ONE for _subject, user in found)
    named = f"SELECT count() FROM {table.name} WHERE user_ref = {{one:String}}"
    assert table.server.ask(named, {"one": _ONE}) == [[0]]


def test_the_copy_can_be_thrown_away_and_rebuilt(store: EventStore, insights: Insights) -> None:
    events = draw_events(50)
    store.append(events)
    insights.copy.step(at_once=True)
    command(insights, "DROP TABLE {table}")

    insights.keep()
    assert counts(insights) == counts_of(events)
    command(insights, "ALTER TABLE {table} UPDATE subject = 'x' WHERE 1 SETTINGS mutations_sync=2")
    assert counts(insights) != counts_of(events)
    assert insights.copy.rebuild()
    assert counts(insights) == counts_of(events)
    assert copied(insights) == 50


@pytest.mark.parametrize("is_of_another_format", [False, True])
def test_a_copy_that_is_not_ours_is_not_believed(
    store: EventStore,
    tmp_path: Path,
    settings: Callable[[], ClickHouseSettings],
    *,
    is_of_another_format: bool,
) -> None:
    own = settings()
    insights = Insights(store, tmp_path / "copy", clickhouse=own)
    store.append(draw_events(50, seed=1))
    insights.copy.step(at_once=True)
    if is_of_another_format:
        command(insights, "ALTER TABLE {table} DROP COLUMN subject")
        command(insights, "ALTER TABLE {table} MODIFY COMMENT 'backstage_py 0'")
    insights.close()
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM analytics_event"))
        connection.execute(text("DELETE FROM sqlite_sequence"))
    others = draw_events(70, seed=2)
    store.append(others)

    again = Insights(store, tmp_path / "copy", clickhouse=own)
    assert again.copy.step(at_once=True)
    assert counts(again) == counts_of(others)
    again.close()


def test_only_one_keeps_the_copy_and_does_what_others_ask_for(
    store: EventStore, tmp_path: Path, settings: Callable[[], ClickHouseSettings]
) -> None:
    own = settings()
    insights, other = (Insights(store, tmp_path / "copy", clickhouse=own) for _ in range(2))
    events = draw_events(40)
    store.append(events)
    insights.copy.step(at_once=True)
    delete(store, events[:10])

    assert not other.copy.step(at_once=True)
    assert other.copy.reconcile() is None
    assert not other.copy.refresh([events[20].id])
    assert not other.copy.rebuild()
    assert counts(other) == counts_of(events)
    insights.copy.step(at_once=True)
    assert counts(other) == counts_of(events[10:])
    other.close()
    insights.close()


def test_odd_texts_come_back_as_they_are(store: EventStore, insights: Insights) -> None:
    odd = ["", "'", '"; DROP TABLE words; --', "ö\n\t\r", "%_\\", "\\n", "$1", "{x:String}", "🚂"]
    chance = random.Random(1)
    events = [draw_event(chance) for _ in odd]
    wires = [
        {**event.to_wire(), "subject": subject} for event, subject in zip(events, odd, strict=True)
    ]
    rewritten = [RecordedEvent.from_wire(wire) for wire in wires]
    store.append(rewritten[:5])
    insights.copy.step(at_once=True)
    store.append(rewritten[5:])

    assert {subject for subject, _user in counts(insights)} == set(odd)
    for subject in odd:
        is_it = Condition("subject", Operator.IS, (subject,))
        begins = Condition("subject", Operator.BEGINS, (subject,))
        question = Explore(Measure.EVENTS, ("subject",))
        rows = insights.ask(question, ALL.narrowed(is_it, begins)).rows
        assert [row["subject"] for row in rows] == [subject]


def test_far_behind_the_copy_has_to_catch_up_first(
    store: EventStore, insights: Insights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clickhouse_table, "MOST_SENT_EVENTS", 15)
    store.append(draw_events(20))

    with pytest.raises(AnalyticsError, match="lacks more than 15 events"):
        count(insights)
    monkeypatch.setattr("backstage_py.insights.insights.FAR_BEHIND_EVENTS", 15)
    assert count(insights) == 20
    assert copied(insights) == 20
