import stat
import subprocess
from pathlib import Path

import pytest

from backstage_py.analytics.config.location import data_folder, database_url, watched_paths
from backstage_py.analytics.store.engine import open_engine

pytestmark = pytest.mark.usefixtures("app_folder")


@pytest.fixture
def app_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_kept_is_hidden_from_git_and_from_other_users(app_folder: Path) -> None:
    engine = open_engine({})
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x)")
        files = sorted((app_folder / ".backstage_py").glob("*.db*"))
        modes = {mode(file) for file in files}
    engine.dispose()

    assert [file.name for file in files] == [
        f"backstage_py.db{end}" for end in ("", "-shm", "-wal")
    ]
    assert mode(app_folder / ".backstage_py") == 0o700
    assert modes == {0o600}
    subprocess.run(["git", "init", "-q"], cwd=app_folder, check=True)
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=app_folder, check=True, capture_output=True
    )
    assert status.stdout == b""


@pytest.mark.parametrize("file", ["backstage_py.db", "session-secret"])
def test_the_folder_of_an_earlier_release_is_used_where_it_is(app_folder: Path, file: str) -> None:
    earlier = app_folder / "data"
    earlier.mkdir()
    assert data_folder() == Path(".backstage_py")

    (earlier / file).touch()

    assert data_folder() == Path("data")
    assert database_url({}).url == "sqlite:///data/backstage_py.db"
    earlier.rename(app_folder / ".backstage_py")
    assert database_url({}).url == "sqlite:///.backstage_py/backstage_py.db"


@pytest.mark.parametrize(
    ("environ", "source", "url"),
    [
        (
            {"BACKSTAGE_PY_DATABASE_URL": "sqlite:///a.db", "DATABASE_URL": "sqlite:///b.db"},
            "BACKSTAGE_PY_DATABASE_URL",
            "sqlite:///a.db",
        ),
        ({"DATABASE_URL": "sqlite:///b.db"}, "DATABASE_URL", "sqlite:///b.db"),
        ({"DATABASE_URL": "postgres://h/n"}, "DATABASE_URL", "postgresql+psycopg://h/n"),
        ({"DATABASE_URL": "postgresql://h/n"}, "DATABASE_URL", "postgresql+psycopg://h/n"),
        (
            {"DATABASE_URL": "postgresql+psycopg2://h/n"},
            "DATABASE_URL",
            "postgresql+psycopg2://h/n",
        ),
    ],
)
def test_the_librarys_own_variable_comes_first_and_hosts_urls_work(
    environ: dict[str, str], source: str, url: str
) -> None:
    found = database_url(environ)

    assert (found.source, found.url) == (source, url)


def test_reflex_does_not_see_the_default_database() -> None:
    open_engine({}).dispose()

    assert list(watched_paths({})) == []


def test_databases_that_reflex_would_watch_are_found(app_folder: Path) -> None:
    beside = [app_folder / name for name in ("app.db", "app.db-shm", "app.db-wal")]
    for file in beside:
        file.touch()
    below = app_folder / "var" / "deep"
    below.mkdir(parents=True)

    assert sorted(watched_paths({"DATABASE_URL": "sqlite:///app.db"})) == beside
    assert list(watched_paths({"DATABASE_URL": "sqlite:///var/deep/app.db"})) == [below.parent]
    assert list(watched_paths({"DATABASE_URL": f"sqlite:///{app_folder}/var/x.db?timeout=3"})) == [
        below.parent
    ]
    assert list(watched_paths({"DATABASE_URL": "sqlite:////somewhere/else.db"})) == []
    assert list(watched_paths({"DATABASE_URL": "postgresql://h/n"})) == []


def test_what_an_earlier_release_keeps_beside_postgresql_is_not_watched(app_folder: Path) -> None:
    (app_folder / "data").mkdir()
    (app_folder / "data" / "session-secret").touch()

    assert list(watched_paths({"DATABASE_URL": "postgresql://h/n"})) == [app_folder / "data"]
