"""The views of the copy: as the page documents them, and with the numbers of the record."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import ipc, parquet

from backstage_py.analytics import AnalyticsError, EventStore, format_time
from backstage_py.cli import main
from backstage_py.insights import Insights, Scope, Window
from backstage_py.insights.copy.open_parts import OpenParts
from backstage_py.insights.copy.views import VIEWS, describe_views
from tests.conftest import PROJECT
from tests.unit.insights import plain

DOCUMENT = (PROJECT / "docs" / "insights-schema.md").read_text(encoding="utf-8")
UNTIL = datetime(2026, 10, 20, tzinfo=UTC)
Company = tuple[EventStore, Insights]
Export = Callable[[Scope], list[dict[str, Any]]]


def _documented(view: str) -> list[tuple[str, str]]:
    section = DOCUMENT.partition(f"## `{view}`")[2].partition("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \| ([A-Z ]+) \|", section, re.MULTILINE)


def test_the_page_lists_the_columns_of_the_views(tmp_path: Path) -> None:
    parts = OpenParts(tmp_path, words="words")
    described = describe_views(parts.connection)
    parts.close()

    assert {view: _documented(view) for view in VIEWS} == described


def test_the_exported_events_are_those_of_the_record(
    company: Company, exported: Export, tmp_path: Path
) -> None:
    _store, insights = company
    window, file = Window(until=UNTIL), tmp_path / "events.parquet"

    rows = insights.write_view("events", file, window)

    events = exported(Scope(window))
    found = {row["id"]: row for row in parquet.read_table(file).to_pylist()}
    assert rows == len(events) == len(found)
    for event in events:
        row = found[event["id"]]
        assert format_time(row["time"]) == event["timestamp"]
        assert (row["action"], row["subject"]) == (event["action"], event["subject"])
        assert (row["user_ref"], row["session_id"]) == (event["user"], event["sessionId"])
        assert row["value"] == event.get("value")
        assert json.loads(row["context"]) == event["context"]
        assert (json.loads(row["attributes"]) if row["attributes"] else None) == event.get(
            "attributes"
        )
        assert row["entity_ref"] == plain.entity_of(event)
    assert [file.name for file in tmp_path.iterdir()] == ["events.parquet"]


def test_the_exported_visits_are_those_of_a_plain_computation(
    company: Company, exported: Export, tmp_path: Path
) -> None:
    file = tmp_path / "visits.arrow"
    company[1].write_view("visits", file)

    with ipc.open_file(str(file)) as reader:
        found = {row["session_id"]: row for row in reader.read_all().to_pylist()}
    visits = plain.by_session(exported(Scope(Window())))
    assert found.keys() == visits.keys()
    for session, events in visits.items():
        row, times = found[session], sorted(map(plain.time_of, events))
        assert (row["begins_at"], row["ends_at"]) == (times[0], times[-1])
        assert row["seconds"] == (times[-1] - times[0]).total_seconds()
        assert row["events"] == len(events)
        assert row["page_views"] == len(plain.of(events, "navigate"))
        assert row["is_sample"] == session.startswith("sample-")


def test_a_file_of_another_kind_is_refused(company: Company, tmp_path: Path) -> None:
    with pytest.raises(AnalyticsError, match=r"ends with neither \.parquet nor \.arrow"):
        company[1].write_view("events", tmp_path / "events.csv")
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_exports(
    store: EventStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("DATABASE_URL", store.engine.url.render_as_string(hide_password=False))
    file = tmp_path / "none.parquet"

    assert main(["insights", "export", str(file), "--view", "visits"]) == 0

    assert json.loads(capsys.readouterr().out) == {"file": str(file), "view": "visits", "rows": 0}
    assert parquet.read_table(file).num_rows == 0
