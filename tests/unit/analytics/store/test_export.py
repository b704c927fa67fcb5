import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pyarrow import parquet

from backstage_py.analytics.clock import utc_now
from backstage_py.analytics.event import RecordedEvent, new_event_id
from backstage_py.analytics.ingest.load import load_lines
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.export import COLUMNS, WRITERS
from backstage_py.analytics.store.migrate import migrate
from tests.unit.analytics.recorded import recorded

EVENTS = [
    recorded(0, value=0, attributes={"to": "/docs"}, user="user:default/ann"),
    recorded(1, subject='=HYPERLINK("http://x")', session_id="visit"),
    recorded(2, subject='two\nlines, "quoted"', value=1.5, attributes={}),
]


def exported(form: str, events: list[RecordedEvent]) -> bytes:
    output = io.BytesIO()
    WRITERS[form](events, output)
    return output.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    migrate(engine)
    yield EventStore(engine)
    engine.dispose()


def test_json_lines_are_the_events_as_they_go_over_the_wire() -> None:
    lines = exported("jsonl", EVENTS).splitlines()

    assert [json.loads(line) for line in lines] == [event.to_wire() for event in EVENTS]


def test_a_spreadsheet_reads_the_csv_and_runs_nothing_of_it() -> None:
    rows = list(csv.DictReader(io.StringIO(exported("csv", EVENTS).decode(), newline="")))

    assert tuple(rows[0]) == COLUMNS
    assert [row["subject"] for row in rows] == [
        "Docs",
        '\'=HYPERLINK("http://x")',
        'two\nlines, "quoted"',
    ]
    assert [row["value"] for row in rows] == ["0", "", "1.5"]
    assert [row["attributes"] for row in rows] == ['{"to":"/docs"}', "", "{}"]
    assert rows[0]["pluginId"] == "root"


@pytest.mark.parametrize("events", [EVENTS, []])
def test_parquet_is_read_back(events: list[RecordedEvent]) -> None:
    table = parquet.read_table(io.BytesIO(exported("parquet", events)))

    rows = table.to_pylist()
    assert tuple(table.column_names) == COLUMNS
    assert [(row["id"], row["timestamp"], row["value"]) for row in rows] == [
        (event.id, event.timestamp, event.value) for event in events
    ]


def test_what_was_exported_can_be_loaded_elsewhere(store: EventStore) -> None:
    report = load_lines(exported("jsonl", EVENTS).splitlines(keepends=True), store)

    assert (report.accepted, report.rejected) == (3, [])
    assert list(store.stream()) == EVENTS


def test_loading_twice_stores_once(store: EventStore) -> None:
    lines = exported("jsonl", EVENTS).splitlines()
    load_lines(lines, store)

    report = load_lines(lines, store)

    assert (report.accepted, report.duplicates, store.count()) == (0, 3, 3)


def test_refused_lines_are_reported_in_order(store: EventStore) -> None:
    line = exported("jsonl", EVENTS[:1]).splitlines()[0]
    other = json.dumps({**json.loads(line), "subject": "another"}).encode()

    report = load_lines([line, other, b"junk"], store).to_wire()

    assert [one["line"] for one in report["rejected"]] == [2, 3]


def test_an_event_without_a_time_is_loaded_once_as_of_now(store: EventStore) -> None:
    line = json.dumps({"id": new_event_id(), "action": "click", "subject": "Docs"}).encode()
    before = utc_now()

    reports = [load_lines([line], store) for _ in range(2)]

    assert [(one.accepted, one.duplicates, one.rejected) for one in reports] == [
        (1, 0, []),
        (0, 1, []),
    ]
    [event] = store.stream()
    assert before - timedelta(seconds=1) <= event.timestamp == event.received_at <= utc_now()


def test_a_broken_line_never_costs_its_neighbours(store: EventStore) -> None:
    good = exported("jsonl", EVENTS).splitlines()
    junk = [b"junk", b"[]", b"\xff\x00", b'{"id": "x"}', b"", b"  ", b'"' + b"x" * 2_000_000 + b'"']

    junk.append(json.dumps({**EVENTS[0].to_wire(), "origin": []}).encode())

    report = load_lines([good[0], *junk, *good[1:]], store)

    assert report.accepted == 3
    assert [one["line"] for one in report.rejected] == [2, 3, 4, 5, 8, 9]
    assert report.rejected[3]["id"] == "x"
