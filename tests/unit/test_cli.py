import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backstage_py.analytics.inventory.capture import write_inventory
from backstage_py.analytics.runtime import get_runtime
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.deliveries import (
    Cursor,
    DeliveryState,
    DeliveryStore,
    Failure,
    PendingDelivery,
)
from backstage_py.cli import main
from tests.conftest import PROJECT
from tests.unit.analytics.inventory.captures import a_capture
from tests.unit.analytics.recorded import recorded

ADA = "user:default/ada"
EVENTS = [recorded(number, subject=f"event {number}") for number in range(3)]


@pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
def _own_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'events.db'}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(json.dumps(event.to_wire()) for event in EVENTS), encoding="utf-8")
    return file


def test_a_file_is_loaded_and_exported_again(
    file: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["events", "load", str(file)]) == 0
    report = json.loads(capfdbinary.readouterr().out)

    assert main(["events", "export"]) == 0
    lines = capfdbinary.readouterr().out.splitlines()

    assert report == {"accepted": 3, "duplicates": 0, "rejected": []}
    assert [json.loads(line)["subject"] for line in lines] == ["event 0", "event 1", "event 2"]


def test_an_export_can_be_narrowed_and_written_to_a_file(file: Path, tmp_path: Path) -> None:
    main(["events", "load", str(file)])
    output = tmp_path / "out.csv"

    status = main([
        *("events", "export", "--format", "csv", "--output", str(output)),
        *("--since", "2026-11-23T12:01:00Z", "--until", "2026-11-23T12:02:00Z"),
    ])  # fmt: skip

    assert status == 0
    assert output.read_text(encoding="utf-8").count("event ") == 1


def test_a_refused_line_shows_in_the_exit_status(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text("junk\n", encoding="utf-8")

    assert main(["events", "load", str(file)]) == 1
    assert json.loads(capsys.readouterr().out)["rejected"][0]["line"] == 1


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["events", "load", "no-such-file"], {}, "no-such-file"),
        (["events", "export"], {"DATABASE_URL": "nonsense"}, "DATABASE_URL: cannot be opened"),
    ],
)
def test_a_mistake_is_one_clear_line(
    arguments: list[str],
    environment: dict[str, str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert main(arguments) == 2

    error = capsys.readouterr().err
    assert error.startswith("backstage_py: ")
    assert message in error
    assert error.count("\n") == 1


def test_a_database_that_another_one_writes_to_is_exported_and_not_loaded_into(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["events", "load", str(file)])
    monkeypatch.setattr("backstage_py.analytics.store.engine.BUSY_SECONDS", 0)
    capfd.readouterr()

    with contextlib.closing(sqlite3.connect(tmp_path / "events.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        statuses = [main(["events", "export"]), main(["events", "load", str(file)])]

    assert statuses == [0, 2]
    told = capfd.readouterr()
    assert told.out.count("\n") == len(EVENTS)
    assert told.err == "backstage_py: (sqlite3.OperationalError) database is locked\n"


def test_a_wrong_time_names_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["events", "export", "--since", "yesterday"])

    assert "--since" in capsys.readouterr().err


def test_a_reader_who_leaves_early_is_not_an_error(file: Path) -> None:
    for _ in range(2):
        main(["events", "load", str(file)])
    command = f"{sys.executable} -m backstage_py events export | head -c 1"

    run = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=PROJECT, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (run.stdout, run.stderr) == ("{", "")


class TestDeliveries:
    @pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
    def _a_dead_letter(self) -> None:
        store = EventStore.open()
        store.append(EVENTS)
        dead, waiting = store.after(0, 2)
        deliveries = DeliveryStore(store.engine)
        deliveries.register("ga4")
        failure = Failure(tries=12, reason="HTTP 400\n\x1b[31mbad")
        deliveries.settle(
            "ga4",
            cursor=Cursor(dead.position),
            parked=[
                PendingDelivery(
                    "ga4", dead.position, dead.id, "visit", DeliveryState.DEAD, failure
                ),
                PendingDelivery(
                    "ga4", waiting.position, waiting.id, "visit", DeliveryState.WAITING
                ),
            ],
        )
        store.engine.dispose()

    def test_a_table_shows_the_state_of_each_backend_and_why_events_failed(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["deliveries"]) == 0

        lines = capsys.readouterr().out.splitlines()
        assert lines[1].split()[:5] == ["ga4", "2", "1", "1", "0"]
        assert any(line.endswith("HTTP 400  [31mbad") for line in lines)

    def test_it_is_available_as_json_too(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["deliveries", "list", "--state", "dead", "--format", "json"]) == 0

        told = json.loads(capsys.readouterr().out)
        [backend], [event] = told["backends"], told["events"]
        assert (backend["owed"], backend["waiting"], backend["dead"]) == (2, 1, 1)
        assert (event["id"], event["state"], event["tries"]) == (EVENTS[0].id, "dead", 12)

    def test_a_dead_letter_is_retried_or_purged(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["deliveries", "retry", "--id", EVENTS[1].id])
        main(["deliveries", "retry", "--backend", "ga4"])
        main(["deliveries", "purge"])

        told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert told == [{"retried": 0}, {"retried": 1}, {"purged": 0}]

    def test_an_unknown_backend_is_one_clear_error(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["deliveries", "retry", "--backend", "ga"]) == 2

        assert capsys.readouterr().err == (
            "backstage_py: --backend: 'ga' is not known here. Use one of ga4\n"
        )


class TestRetention:
    @pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
    def _own_portal(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.chdir(tmp_path)
        section = {"retention": {"actions": {"click": "90d"}}, "noop": {"identity": "optional"}}
        config = {"app": {"analytics": section}}
        Path("app-config.yaml").write_text(json.dumps(config), encoding="utf-8")
        EventStore.open().append(
            [
                *EVENTS,
                recorded(-100 * 24 * 60, subject="old"),
                recorded(5, user=ADA, subject="Ada's"),
            ]
        )
        get_runtime.cache_clear()
        yield
        get_runtime.cache_clear()

    def test_old_events_expire_and_a_dry_run_says_which(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = EventStore.open().count()
        main(["events", "expire", "--dry-run"])
        assert EventStore.open().count() == before
        main(["events", "expire"])

        told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        expired = told[1]["expired"]
        assert told[0] == {"wouldExpire": expired, "actions": {"click": expired}}
        assert EventStore.open().count() == before - expired
        assert "old" not in [event.subject for event in EventStore.open().stream()]

    def test_a_user_is_exported_erased_and_stays_so(
        self, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
    ) -> None:
        assert main(["users", "export", ADA]) == 0
        exported = capfdbinary.readouterr().out
        assert [json.loads(line)["subject"] for line in exported.splitlines()] == ["Ada's"]

        assert main(["users", "erase", ADA]) == 0
        erased = json.loads(capfdbinary.readouterr().out)
        assert (erased["events"], erased["backends"][0]["state"]) == (1, "done")

        assert main(["users", "erase", "--status"]) == 0
        assert json.loads(capfdbinary.readouterr().out)["erasures"][0]["id"] == erased["id"]
        file = tmp_path / "again.jsonl"
        file.write_bytes(exported)
        assert main(["events", "load", str(file)]) == 1
        assert main(["users", "export", ADA]) == 0
        assert b"Ada" not in capfdbinary.readouterr().out

    @pytest.mark.parametrize("arguments", [["erase"], ["erase", "user:default/x", "--status"]])
    def test_an_erasure_is_of_a_user_or_a_question(self, arguments: list[str]) -> None:
        with pytest.raises(SystemExit, match="2"):
            main(["users", *arguments])

    def test_a_ref_that_is_not_a_users_is_one_clear_error(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["users", "erase", "ada"]) == 2

        assert "Write it in full, as user:default/ann" in capsys.readouterr().err


class TestInventory:
    @pytest.fixture(autouse=True)  # ruff: ignore[pytest-fixture-autouse]
    def _a_compiled_app(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        file = tmp_path / ".web" / "backend" / "instrumentation.json"
        file.parent.mkdir(parents=True)
        file.write_text(write_inventory([a_capture("deploy", "x")]), encoding="utf-8")

    def test_a_plan_that_is_exported_is_kept_to(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        assert main(["events", "plan"]) == 0
        plan = tmp_path / "tracking-plan.yaml"
        plan.write_text(capsys.readouterr().out, encoding="utf-8")

        assert main(["events", "lint", "--plan", str(plan)]) == 0
        assert capsys.readouterr().out == "no violations\n"

    def test_a_departure_shows_in_the_exit_status(
        self, capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path
    ) -> None:
        plan = tmp_path / "tracking-plan.yaml"
        plan.write_text("events: [{action: deploy}]", encoding="utf-8")

        assert main(["events", "lint", str(file), "--plan", str(plan), "--format", "json"]) == 1
        (found,) = json.loads(capsys.readouterr().out)
        assert (found["kind"], found["count"]) == ("unplanned-event", 3)
        assert main(["events", "lint", str(file), "--plan", str(plan)]) == 1
        assert capsys.readouterr().out.startswith("unplanned-event: click in root/App is not")

    def test_the_events_of_the_store_are_looked_at_where_that_is_wanted(self) -> None:
        EventStore.open().append([recorded(action="filterTable")])

        assert main(["events", "lint"]) == 0
        assert main(["events", "lint", "--stored"]) == 1

    def test_the_inventory_is_shown(self, capsys: pytest.CaptureFixture[str]) -> None:
        main(["events", "inventory"])
        assert capsys.readouterr().out.split()[:2] == ["deploy", "shop/ShopPage/shop"]
        main(["events", "inventory", "--format", "json"])
        assert json.loads(capsys.readouterr().out)[0]["component"] == "Button.on_click"

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["lint", "--inventory", "none.json"], "none.json: is not there. Compile the app"),
            (["lint", "--plan", "none.yaml"], "none.yaml: cannot be read"),
            (["lint", "bad.jsonl"], "bad.jsonl:1: is not an event"),
        ],
    )
    def test_a_missing_thing_is_one_clear_error(
        self, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        Path("bad.jsonl").write_text("{}\n", encoding="utf-8")

        assert main(["events", *arguments]) == 2
        assert message in capsys.readouterr().err
