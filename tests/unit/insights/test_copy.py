import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import text

from backstage_py.analytics import EventStore, RecordedEvent, begin_writing, utc_now
from backstage_py.analytics.store.deletions import delete_events
from backstage_py.insights import Explore, Insights, Measure, Scope, TopPlugins, Window
from backstage_py.insights.copy import duckdb_table
from backstage_py.insights.copy.duckdb_table import DuckDbTable
from backstage_py.insights.copy.manifest import NAME, Manifest
from backstage_py.insights.copy_keeper import CopyKeeper
from tests.unit.insights.history import draw_event, draw_events

ALL = Scope(Window())


def count(insights: Insights) -> int:
    return insights.trust(ALL).events


def counts(insights: Insights) -> dict[Any, int]:
    rows = insights.ask(Explore(Measure.EVENTS, ("subject", "user"), limit=None), ALL).rows
    return {(row["subject"], row["user"]): row["value"] for row in rows}


def counts_of(events: Sequence[RecordedEvent]) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for event in events:
        key = (event.subject, event.user)
        found[key] = found.get(key, 0) + 1
    return found


def delete(store: EventStore, events: Sequence[RecordedEvent]) -> None:
    with store.engine.begin() as connection:
        for event in events:
            connection.execute(text("DELETE FROM analytics_event WHERE id = :id"), {"id": event.id})


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backstage_py.insights.insights.TRUSTED_SECONDS", 0.0)


def test_an_empty_store_has_no_rows(insights: Insights) -> None:
    assert insights.ask(TopPlugins(), ALL).rows == ()
    assert count(insights) == 0


def test_what_just_happened_is_in_the_numbers_at_once(
    store: EventStore, insights: Insights
) -> None:
    events = draw_events(60)
    store.append(events[:40])
    insights.copy.step(at_once=True)
    store.append(events[40:50])
    first = counts(insights)
    store.append(events[50:])

    assert first == counts_of(events[:50])
    assert counts(insights) == counts_of(events)
    trust = insights.trust(ALL)
    assert (trust.in_copy, trust.from_store) == (40, 20)


def test_an_event_that_is_stored_again_counts_once(store: EventStore, insights: Insights) -> None:
    events = draw_events(30)
    store.append(events)
    insights.copy.step(at_once=True)
    store.append(events[:10])
    insights.copy.step(at_once=True)

    assert counts(insights) == counts_of(events)


def test_deleted_events_leave_the_copy_when_it_is_reconciled(
    store: EventStore, insights: Insights
) -> None:
    events = draw_events(80)
    store.append(events)
    insights.copy.step(at_once=True)
    delete(store, events[10:30])

    assert insights.copy.reconcile() == 20
    assert counts(insights) == counts_of(events[:10] + events[30:])
    assert insights.copy.reconcile() == 0


def test_an_event_deleted_before_it_was_copied_leaves_at_once(
    store: EventStore, insights: Insights
) -> None:
    events = draw_events(30)
    store.append(events)
    assert counts(insights) == counts_of(events)
    delete(store, events[5:9])

    assert counts(insights) == counts_of(events[:5] + events[9:])


def test_a_whole_part_may_be_deleted(store: EventStore, insights: Insights) -> None:
    events = draw_events(40)
    store.append(events)
    insights.copy.step(at_once=True)
    delete(store, events)

    assert insights.copy.reconcile() == 40
    assert count(insights) == 0


def test_a_rewritten_event_is_refreshed_and_the_old_name_is_nowhere(
    store: EventStore, insights: Insights, tmp_path: Path
) -> None:
    events = draw_events(50)
    store.append(events)
    insights.copy.step(at_once=True)
    mine = [event for event in events if event.user == "user:default/u1"]
    with store.engine.begin() as connection:
        connection.execute(
            text("UPDATE analytics_event SET user = NULL WHERE user = 'user:default/u1'")
        )

    assert mine
    assert insights.copy.refresh(event.id for event in mine)

    found = counts(insights)
    assert sum(found.values()) == len(events)
    assert not any(user == "user:default/u1" for _subject, user in found)
    assert "user:default/u1" not in _words(tmp_path / "copy")


def test_a_rewritten_event_that_is_not_in_a_part_yet_is_read_again(
    store: EventStore, insights: Insights
) -> None:
    events = draw_events(50)
    store.append(events)
    assert counts(insights) == counts_of(events)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE analytics_event SET user = NULL"))

    insights.copy.refresh(event.id for event in events)

    assert {user for _subject, user in counts(insights)} == {None}


def _words(folder: Path) -> set[str]:
    words: set[str] = set()
    for part in Manifest.read(folder).parts:
        with duckdb.connect(str(folder / part.file), read_only=True) as connection:
            words |= {row[0] for row in connection.execute("SELECT text FROM words").fetchall()}
    return words


def test_the_copy_can_be_thrown_away_and_rebuilt(
    store: EventStore, insights: Insights, tmp_path: Path
) -> None:
    events = draw_events(50)
    store.append(events)
    insights.copy.step(at_once=True)
    for file in (tmp_path / "copy").iterdir():
        file.unlink()

    assert counts(insights) == counts_of(events)
    assert insights.copy.rebuild()
    assert counts(insights) == counts_of(events)
    assert insights.trust(ALL).from_store == 0


def test_a_copy_of_another_database_is_not_believed(
    store: EventStore, insights: Insights, tmp_path: Path
) -> None:
    store.append(draw_events(50, seed=1))
    insights.copy.step(at_once=True)
    insights.close()
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM analytics_event"))
        connection.execute(text("DELETE FROM sqlite_sequence"))
    others = draw_events(70, seed=2)
    store.append(others)

    again = Insights(store, tmp_path / "copy")
    assert again.copy.step(at_once=True)
    assert counts(again) == counts_of(others)
    again.close()


@pytest.mark.parametrize("manifest", ["", "{", '{"format": 99, "parts": []}', "[]"])
def test_a_manifest_that_cannot_be_read_is_none(
    store: EventStore, insights: Insights, tmp_path: Path, manifest: str
) -> None:
    events = draw_events(20)
    store.append(events)
    insights.copy.step(at_once=True)
    (tmp_path / "copy" / NAME).write_text(manifest, encoding="utf-8")

    assert counts(insights) == counts_of(events)
    insights.copy.step(at_once=True)
    assert counts(insights) == counts_of(events)


def test_a_broken_row_costs_no_more_than_itself(store: EventStore, insights: Insights) -> None:
    events = draw_events(30)
    store.append(events)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE analytics_event SET context = '[' WHERE position = 7"))
    insights.copy.step(at_once=True)

    assert counts(insights) == counts_of(events[:6] + events[7:])
    assert counts_of(events) != counts(insights)
    assert insights.copy.reconcile() == 0
    delete(store, events[6:8])
    assert insights.copy.reconcile() == 2
    assert counts(insights) == counts_of(events[:6] + events[8:])


def test_parts_are_merged(store: EventStore, insights: Insights, tmp_path: Path) -> None:
    events = draw_events(120)
    for start in range(0, 120, 5):
        store.append(events[start : start + 5])
        insights.copy.step(at_once=True)

    assert len(Manifest.read(tmp_path / "copy").parts) < 8
    assert counts(insights) == counts_of(events)


def test_only_one_keeps_the_copy_and_does_what_others_ask_for(
    store: EventStore, insights: Insights, tmp_path: Path
) -> None:
    events = draw_events(40)
    store.append(events)
    insights.copy.step(at_once=True)
    other = Insights(store, tmp_path / "copy")
    delete(store, events[:10])

    assert not other.copy.step(at_once=True)
    assert other.copy.reconcile() is None
    assert not other.copy.refresh([events[20].id])
    assert not other.copy.rebuild()
    assert counts(other) == counts_of(events)
    insights.copy.step(at_once=True)
    assert counts(other) == counts_of(events[10:])
    assert not list((tmp_path / "copy").glob("*.request"))
    other.close()


def test_expired_events_leave_with_the_next_step(store: EventStore, insights: Insights) -> None:
    events = draw_events(60)
    store.append(events)
    insights.copy.step(at_once=True)
    gone = events[:25]
    stored = {one.id: one.position for one in store.after(0, 100)}
    with begin_writing(store.engine) as connection:
        delete_events(
            connection, [stored[one.id] for one in gone], [one.id for one in gone], utc_now()
        )

    insights.keep()

    assert counts(insights) == counts_of(events[25:])


def test_a_keeper_waits_for_enough_events(store: EventStore, tmp_path: Path) -> None:
    kept = CopyKeeper(DuckDbTable(store, tmp_path / "copy"))
    store.append(draw_events(10))

    kept.step()
    assert Manifest.read(tmp_path / "copy").position == 0
    kept.step(at_once=True)
    assert Manifest.read(tmp_path / "copy").position == 10
    kept.close()


def test_files_that_no_manifest_tells_of_are_swept(
    store: EventStore, insights: Insights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(draw_events(10))
    insights.copy.step(at_once=True)
    stray = tmp_path / "copy" / "left-over.duckdb"
    stray.write_bytes(b"half written")
    monkeypatch.setattr(duckdb_table, "_KEPT_SECONDS", -1.0)

    insights.copy.step(at_once=True)

    assert not stray.exists()
    assert count(insights) == 10


def test_far_behind_the_copy_catches_up_before_it_is_asked(
    store: EventStore, insights: Insights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backstage_py.insights.insights.FAR_BEHIND_EVENTS", 5)
    monkeypatch.setattr(duckdb_table, "ENOUGH_EVENTS", 5)
    store.append(draw_events(20))

    assert count(insights) == 20
    assert Manifest.read(tmp_path / "copy").position == 20


def test_odd_texts_come_back_as_they_are(store: EventStore, insights: Insights) -> None:
    odd = ["", "'", '"; DROP TABLE words; --', "ö\n\t", "%_\\", "$1", "🚂"]
    chance = random.Random(1)
    events = [draw_event(chance) for _ in odd]
    wires = [
        {**event.to_wire(), "subject": subject} for event, subject in zip(events, odd, strict=True)
    ]
    store.append([RecordedEvent.from_wire(wire) for wire in wires])
    insights.copy.step(at_once=True)

    rows = insights.ask(Explore(Measure.EVENTS, ("subject",)), ALL).rows
    assert {row["subject"] for row in rows} == set(odd)
