"""`backup` and `restore`: all data of a portal on SQLite in one file, even while it runs.

The file is a tar archive (compressed if its name ends in `.gz`): `manifest.json`, `database.db`,
`own/` with the files of the record's folder, and `data/` with the files that templates published.
Files that can be made again are left out: the columnar copy, and locks. The files are saved before
the database: events waiting in the spool may then be in both, and are stored once, since each has
an id; the other way round they could be in neither.
"""

import contextlib
import json
import os
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from sqlalchemy import Engine

import backstage_py
from backstage_py.analytics import AnalyticsError
from backstage_py.analytics.config.location import EARLIER_FOLDER, data_folder, database_url
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate

FORMAT = 1
_DATABASE = "database.db"
_MANIFEST = "manifest.json"
_OWN = "own"
_DATA = "data"
_OWN_NAMES = ("session-secret", "spool")
_COPY = ".insights"
_COPY_KEY = "pseudonyms.key"
_ASIDE = "before-restore-"
_SQLITE = b"SQLite format 3\0"


class BackupError(AnalyticsError):
    """Nothing was saved or restored; `where` is the file, or the variable of the database."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds: events and files, and its own size in bytes."""

    events: int
    files: int
    size: int


def backup(file: Path) -> Saved:
    """Save the portal of the working directory, even while it runs.

    The file appears when it is complete, readable by its owner only: it holds the sessions' secret.

    Raises:
        BackupError: If the portal is on PostgreSQL, there is no database yet, it is damaged, or the
            file would be inside a saved folder.
        OSError: If a file cannot be read or written.
    """
    database = _database_file(open_engine())
    _require_outside(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        archive, copy = Path(folder) / "archive", Path(folder) / _DATABASE
        archive.touch(0o600)
        mode = "w:gz" if file.suffix in {".gz", ".tgz"} else "w"
        with tarfile.open(archive, mode) as tar:
            files = _add_files(tar, database)
            events = _copy_database(database, copy)
            tar.add(copy, _DATABASE)
            _add_bytes(tar, _MANIFEST, _manifest(events))
        size = archive.stat().st_size
        archive.replace(file)
    return Saved(events, files, size)


def restore(file: Path) -> Path | None:
    """Replace the working directory's data by a backup; the portal must not be running.

    Returns:
        The folder that the previous data was moved to, if there was any.

    Raises:
        BackupError: If the file is not a backup, or the portal runs, or is on PostgreSQL.
        ConfigurationError: If the backup is of a newer release.
        OSError: If a file cannot be read or written.
    """
    database = _sqlite_file(open_engine())
    _require_stopped(database)
    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as name:
        folder = Path(name).resolve()
        _unpack(file, folder)
        _upgrade(folder / _DATABASE)
        aside = _move_aside(database)
        (folder / _DATABASE).replace(database)
        _put_back(folder / _OWN, data_folder())
        _put_back(folder / _DATA, EARLIER_FOLDER)
    return aside


def _sqlite_file(engine: Engine) -> Path:
    if engine.dialect.name != "sqlite" or engine.url.database in {None, "", ":memory:"}:
        raise BackupError(
            database_url().source,
            "is not a file of SQLite",
            "Save PostgreSQL by its own tools: pg_dump --format=custom, pg_restore"
            " (docs/deployment.md)",
        )
    return Path(str(engine.url.database))


def _database_file(engine: Engine) -> Path:
    file = _sqlite_file(engine)
    if not file.exists():
        hint = "Start the portal once, or name its database in BACKSTAGE_PY_DATABASE_URL"
        raise BackupError(str(file), "does not exist", hint)
    return file


def _require_outside(file: Path) -> None:
    for folder in _folders():
        if file.resolve().is_relative_to(folder.resolve()):
            raise BackupError(str(file), f"is below {folder}/, which is saved", "Choose another")


def _copy_database(database: Path, copy: Path) -> int:
    """Copy a snapshot without disturbing readers or writers; count its events."""
    try:
        with (
            contextlib.closing(sqlite3.connect(database)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            problem = target.execute("PRAGMA quick_check(1)").fetchone()[0]
            if problem != "ok":
                raise sqlite3.DatabaseError(problem)
            return target.execute("SELECT count(*) FROM analytics_event").fetchone()[0]
    except sqlite3.Error as error:
        hint = "Restore an older backup"
        raise BackupError(str(database), f"cannot be saved: {error}", hint) from error


def _add_files(tar: tarfile.TarFile, database: Path) -> int:
    count = 0
    for path, name in _kept_files(database):
        # A file of the spool can go while it is read: then its events are in the database.
        with contextlib.suppress(FileNotFoundError):
            if path.is_symlink():
                tar.add(path, name)
            else:
                _add_bytes(tar, name, path.read_bytes(), path.stat().st_mode)
            count += 1
    return count


def _kept_files(database: Path) -> Iterator[tuple[Path, str]]:
    """Each file with its name in the archive; the database is copied separately."""
    for folder in _folders():
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            is_database = path.parent == database.parent and path.name.startswith(database.name)
            if path.is_dir() or is_database or not _is_kept(inside):
                continue
            is_own = folder != EARLIER_FOLDER or inside.parts[0] in _OWN_NAMES
            yield path, f"{_OWN if is_own else _DATA}/{inside}"
    key = database.with_name(f"{database.name}{_COPY}") / _COPY_KEY
    if key.exists():
        yield key, f"{_OWN}/{key.parent.name}/{key.name}"


def _folders() -> list[Path]:
    """The record's folder, and the one that templates publish into; once they were the same."""
    return sorted(folder for folder in {data_folder(), EARLIER_FOLDER} if folder.exists())


def _is_kept(inside: Path) -> bool:
    """Leaves out files that can be made again, and those an earlier restore moved aside."""
    derived = (part for part in inside.parts if part.startswith(_ASIDE) or part.endswith(_COPY))
    return next(derived, None) is None and inside.suffix != ".lock"


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes, mode: int = 0o600) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(content), mode & 0o777, int(time.time())
    tar.addfile(info, BytesIO(content))


def _manifest(events: int) -> bytes:
    return json.dumps(
        {
            "format": FORMAT,
            "version": backstage_py.__version__,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "events": events,
        }
    ).encode()


def _unpack(file: Path, folder: Path) -> None:
    hint = "Give a file that `backup` has written"
    try:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
        manifest = json.loads((folder / _MANIFEST).read_bytes())
        with (folder / _DATABASE).open("rb") as database:
            head = database.read(len(_SQLITE))
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BackupError(str(file), f"is not a whole backup: {error}", hint) from None
    except FileNotFoundError as error:
        if not file.exists():
            raise
        raise BackupError(str(file), f"lacks {Path(error.filename).name}", hint) from None
    if manifest.get("format") != FORMAT or head != _SQLITE:
        raise BackupError(str(file), f"has another format: {manifest.get('format')}", hint)


def _upgrade(database: Path) -> None:
    engine = open_engine({"BACKSTAGE_PY_DATABASE_URL": f"sqlite:///{database}"})
    migrate(engine)
    engine.dispose()
    _close_journal(database)


def _require_stopped(database: Path) -> None:
    """Refuse while the portal runs: only a sole user of a database can leave its WAL mode."""
    if not database.exists():
        return
    try:
        _close_journal(database)
    except sqlite3.OperationalError:
        raise BackupError(str(database), "is in use", "Stop the portal first") from None
    except sqlite3.DatabaseError:  # a damaged file is what a backup is for
        return


def _close_journal(database: Path) -> None:
    with contextlib.closing(sqlite3.connect(database, timeout=1)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()


def _move_aside(database: Path) -> Path | None:
    """Move the database, its journals, the spool, and the copy, which would not match any more."""
    ends = ("", "-wal", "-shm", "-journal", _COPY)
    paths = [
        *(database.with_name(f"{database.name}{end}") for end in ends),
        data_folder() / "spool",
    ]
    there = [path for path in paths if path.exists()]
    if not there:
        return None
    aside = database.parent / f"{_ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}"
    aside.mkdir()
    for path in there:
        path.replace(aside / path.name)
    return aside


def _put_back(source: Path, target: Path) -> None:
    for path in sorted(source.rglob("*")) if source.exists() else ():
        place = target / path.relative_to(source)
        if path.is_dir() and not path.is_symlink():
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
