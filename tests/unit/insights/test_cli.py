import json
from pathlib import Path
from typing import Any

import pytest

from backstage_py.analytics import EventStore
from backstage_py.cli import main
from backstage_py.insights import Insights
from backstage_py.insights.insights import copy_folder
from tests.unit.insights import plain
from tests.unit.insights.history import draw_events

SINCE, UNTIL = "2026-10-05", "2026-11-02T12:30:00Z"
ANSWERS = {
    "active-users": plain.active_users,
    "top-plugins": plain.top_plugins,
    "top-pages": plain.top_pages,
    "top-clicks": plain.top_clicks,
    "searches": plain.searches,
    "searches-without-result": plain.searches_without_result,
    "templates": plain.templates,
    "not-found": plain.not_found,
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a store with a history."""
    url = f"sqlite:///{tmp_path_factory.mktemp('record') / 'events.db'}"
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", url)
        EventStore.open().append(draw_events(400))
    return url


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
def _that_record(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database)


def export(capfdbinary: pytest.CaptureFixture[bytes]) -> list[dict[str, Any]]:
    main(["events", "export", "--since", SINCE, "--until", UNTIL])
    return [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


@pytest.mark.parametrize("question", ANSWERS)
def test_the_questions_of_the_contract_agree_with_the_export(
    question: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    expected = ANSWERS[question](export(capfdbinary))

    assert main(["insights", question, "--since", SINCE, "--until", UNTIL, "--format", "json"]) == 0

    rows = json.loads(capfdbinary.readouterr().out)
    assert rows
    assert rows == [
        {key: pytest.approx(one) if isinstance(one, float) else one for key, one in row.items()}
        for row in expected
    ]
    assert [list(row) for row in rows] == [list(row) for row in expected]


def test_clicks_can_be_those_of_one_route(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    expected = plain.top_clicks(export(capfdbinary), "r2")[:2]

    main([
        *("insights", "top-clicks", "--route", "r2", "--limit", "2", "--format", "json"),
        *("--since", SINCE, "--until", UNTIL),
    ])  # fmt: skip

    assert json.loads(capfdbinary.readouterr().out) == expected


def test_csv_has_a_head_and_a_table_has_columns(capsys: pytest.CaptureFixture[str]) -> None:
    main(["insights", "searches", "--format", "csv"])
    lines = capsys.readouterr().out.splitlines()
    main(["insights", "searches"])
    table = capsys.readouterr().out.splitlines()

    assert lines[0] == "term,searches,meanResults"
    assert table[0].split() == ["term", "searches", "meanResults"]
    assert len(lines) == len(table) > 1


def test_the_sql_can_be_seen(capsys: pytest.CaptureFixture[str]) -> None:
    main(["insights", "top-plugins", "--sql", "--since", SINCE])

    assert "FROM analytics_event" in capsys.readouterr().out


def test_the_copy_can_be_rebuilt(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["insights", "rebuild"]) == 0
    assert json.loads(capsys.readouterr().out) == {"rebuilt": True, "requested": False}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["searches", "--since", "yesterday"], "Use ISO 8601"),
        (["searches", "--limit", "0"], "not a whole number"),
        (["no-such-question"], "invalid choice"),
    ],
)
def test_a_wrong_call_is_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["insights", *arguments])
    assert message in capsys.readouterr().err


def test_an_unknown_zone_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["insights", "active-users", "--zone", "Europe/Atlantis"]) == 2
    assert "zone: 'Europe/Atlantis' is unknown" in capsys.readouterr().err


@pytest.mark.parametrize("is_kept_elsewhere", [False, True])
def test_deleted_events_no_longer_count(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    is_kept_elsewhere: bool,
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'own.db'}")
    store = EventStore.open()
    store.append(draw_events(30))
    elsewhere = Insights(store, copy_folder(store.engine, None))
    elsewhere.copy.step(at_once=True)
    if not is_kept_elsewhere:
        elsewhere.close()
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM analytics_event WHERE position > 12")

    main(["insights", "top-plugins", "--format", "json"])

    assert sum(row["events"] for row in json.loads(capsys.readouterr().out)) == 12
    elsewhere.close()


def test_the_copy_lies_beside_the_database(database: str) -> None:
    main(["insights", "searches", "--format", "json"])

    assert Path(f"{database.removeprefix('sqlite:///')}.insights").is_dir()
