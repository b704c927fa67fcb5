import contextlib
import json
import os
import sqlite3
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.cli import main
from tests.unit.analytics.recorded import recorded

EVENTS = [recorded(number, subject=f"event {number}") for number in range(3)]


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A portal's folder with events, a secret, a published folder and a columnar copy."""
    folder = tmp_path / "portal"
    (folder / "data").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///data/events.db")
    store = EventStore.open()
    store.append(EVENTS)
    store.engine.dispose()
    for name, text in {
        "session-secret": "s3cret",
        "published/site/index.html": "<p>",
        "events.db.insights/part-1.parquet": "can be made again",
        "events.db.insights/pseudonyms.key": "key",
    }.items():
        file = folder / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def _subjects() -> list[str]:
    engine = open_engine(os.environ)
    found = [one.event.subject for one in EventStore(engine).after(0, 100) if one.event]
    engine.dispose()
    return found


@pytest.mark.parametrize("name", ["saved.tar", "saved.tar.gz"])
def test_what_was_saved_is_restored_elsewhere(
    portal: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    file = tmp_path / name

    assert main(["backup", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["events"] == 3
    assert file.stat().st_mode & 0o077 == 0

    (tmp_path / "new").mkdir()
    monkeypatch.chdir(tmp_path / "new")
    assert main(["restore", str(file)]) == 0
    data = tmp_path / "new" / "data"
    assert _subjects() == ["event 0", "event 1", "event 2"]
    (secret,) = Path().rglob("session-secret")
    assert secret.read_text() == "s3cret"
    assert (data / "published" / "site" / "index.html").read_text() == "<p>"
    (copy,) = Path().rglob("*.insights")
    assert [file.name for file in copy.iterdir()] == ["pseudonyms.key"]


@pytest.mark.usefixtures("portal")
def test_what_was_there_is_moved_aside_and_not_saved_again(tmp_path: Path) -> None:
    main(["backup", str(tmp_path / "saved.tar")])
    engine = open_engine(os.environ)
    EventStore(engine).append([recorded(9, subject="later")])
    engine.dispose()

    assert main(["restore", str(tmp_path / "saved.tar")]) == 0

    assert "later" not in _subjects()
    (aside,) = Path("data").glob("before-restore-*")
    with contextlib.closing(sqlite3.connect(aside / "events.db")) as before:
        assert before.execute("SELECT count(*) FROM analytics_event").fetchone() == (4,)
    main(["backup", str(tmp_path / "again.tar")])
    with tarfile.open(tmp_path / "again.tar") as tar:
        assert not [name for name in tar.getnames() if "before-restore" in name]


@pytest.mark.usefixtures("portal")
def test_a_portal_that_runs_is_not_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["backup", str(tmp_path / "saved.tar")])
    capsys.readouterr()
    running = sqlite3.connect("data/events.db")
    running.execute("SELECT 1 FROM analytics_event").fetchone()

    assert main(["restore", str(tmp_path / "saved.tar")]) == 2

    assert "data/events.db: is in use. Stop the portal first" in capsys.readouterr().err
    running.close()


def _junk(file: Path) -> None:
    file.write_bytes(b"junk")


def _truncated(file: Path) -> None:
    main(["backup", str(file)])
    file.write_bytes(file.read_bytes()[:20_000])


def _other_archive(file: Path) -> None:
    with tarfile.open(file, "w") as tar:
        tar.add(__file__, "other.py")


def _climbing(file: Path) -> None:
    with tarfile.open(file, "w") as tar:
        tar.add(__file__, "../../climbed")


@pytest.mark.usefixtures("portal")
@pytest.mark.parametrize("spoil", [_junk, _truncated, _other_archive, _climbing])
def test_what_is_not_a_backup_changes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], None]
) -> None:
    file = tmp_path / "saved.tar"
    spoil(file)

    assert main(["restore", str(file)]) == 2

    assert str(file) in capsys.readouterr().err
    assert _subjects() == ["event 0", "event 1", "event 2"]
    assert not list(Path("data").glob("before-restore-*"))


@pytest.mark.usefixtures("portal")
def test_the_backup_of_a_newer_release_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with contextlib.closing(sqlite3.connect("data/events.db")) as database:
        database.execute("UPDATE backstage_py_alembic_version SET version_num = 'r0099'")
        database.commit()
    main(["backup", str(tmp_path / "saved.tar")])
    capsys.readouterr()

    assert main(["restore", str(tmp_path / "saved.tar")]) == 2

    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "Use the release that it belongs to, or a newer one" in error


@pytest.mark.usefixtures("portal")
def test_a_damaged_database_is_not_saved_as_if_it_were_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("data/events.db").write_bytes(b"junk" * 10_000)

    assert main(["backup", str(tmp_path / "saved.tar")]) == 2

    assert "data/events.db" in capsys.readouterr().err
    assert not (tmp_path / "saved.tar").exists()


@pytest.mark.usefixtures("portal")
def test_a_backup_inside_a_saved_folder_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "data/saved.tar"]) == 2
    assert "is below data/, which is saved" in capsys.readouterr().err


def test_users_of_postgresql_are_told_how_to_back_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://nobody@localhost/none")

    assert main(["backup", str(tmp_path / "saved.tar")]) == 2

    assert "pg_dump" in capsys.readouterr().err
