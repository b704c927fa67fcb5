"""`backup` and `restore`: all that a portal on SQLite keeps, in one file, while it runs.

The file is a tar archive (compressed if its name ends in `.gz`): `manifest.json`, `database.db`,
and `data/` with the portal's own files. What can be made again is left out: the columnar copy,
and locks. The files come before the database: what waits in the spool may then be in both, and is
stored once, since each event has its id; the other way round it could be in neither.
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
from backstage_py.analytics.runtime import DATA_FOLDER
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate

FORMAT = 1
_DATABASE = "database.db"
_MANIFEST = "manifest.json"
_DATA = "data"
_COPY_KEY = "pseudonyms.key"
_OLDER = "Restore an older backup"
_ASIDE = "before-restore-"
_SQLITE = b"SQLite format 3\0"
_PAGES_OF_DATABASES = (".db", ".db-wal", ".db-shm", ".lock")


class BackupError(AnalyticsError):
    """Nothing was saved or restored; `where` is the file, or the variable of the database."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds."""

    events: int
    files: int
    size: int


def backup(file: Path) -> Saved:
    """Save the portal of the working directory; it may run meanwhile.

    The file appears when it is whole, for its owner only: it holds the secret of the sessions.

    Raises:
        BackupError: If the portal is on PostgreSQL, there is no database yet, or it is damaged, or
            the file would be among what is saved.
        OSError: If a file cannot be read or written.
    """
    database = _database_file(open_engine())
    if not database.exists():
        raise BackupError(
            str(database), "does not exist", "Start the portal once, or set DATABASE_URL"
        )
    if file.resolve().is_relative_to(DATA_FOLDER.resolve()):
        raise BackupError(str(file), f"is below {DATA_FOLDER}/, which is saved", "Choose another")
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:
        archive = Path(folder) / "archive"
        archive.touch(0o600)
        mode = "w:gz" if file.suffix in {".gz", ".tgz"} else "w"
        with tarfile.open(archive, mode) as tar:
            files = _add_files(tar, database)
            copy = Path(folder) / _DATABASE
            try:
                events = _copy_database(database, copy)
            except sqlite3.Error as error:
                raise BackupError(str(database), f"cannot be read: {error}", _OLDER) from error
            tar.add(copy, _DATABASE)
            _add_bytes(tar, _MANIFEST, _manifest(events))
        size = archive.stat().st_size
        archive.replace(file)
    return Saved(events, files, size)


def restore(file: Path) -> Path | None:
    """Put a backup in the place of what the working directory holds; the portal must not run.

    Returns:
        The folder that what was there before was moved to, if anything was.

    Raises:
        BackupError: If the file is not a backup, or the portal runs, or is on PostgreSQL.
        ConfigurationError: If the backup is of a newer release.
        OSError: If a file cannot be read or written.
    """
    database = _database_file(open_engine())
    _require_stopped(database)
    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as name:
        folder = Path(name)
        _unpack(file, folder)
        engine = open_engine({"DATABASE_URL": f"sqlite:///{folder / _DATABASE}"})
        migrate(engine)
        engine.dispose()
        _close_journal(folder / _DATABASE)
        aside = _move_aside(database)
        (folder / _DATABASE).replace(database)
        for path in sorted((folder / _DATA).rglob("*")) if (folder / _DATA).exists() else ():
            target = DATA_FOLDER / path.relative_to(folder / _DATA)
            if path.is_dir() and not path.is_symlink():
                target.mkdir(parents=True, exist_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
    return aside


def _database_file(engine: Engine) -> Path:
    if engine.dialect.name != "sqlite" or engine.url.database in {None, "", ":memory:"}:
        raise BackupError(
            "DATABASE_URL",
            "is not a file of SQLite",
            "Save PostgreSQL by its own tools: pg_dump --format=custom, pg_restore"
            " (docs/deployment.md), and the folder data/ beside it",
        )
    return Path(str(engine.url.database))


def _copy_database(database: Path, target: Path) -> int:
    """Copy it as it is at one moment, which readers and writers do not notice; count its events."""
    with (
        contextlib.closing(sqlite3.connect(database)) as source,
        contextlib.closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        problem = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if problem != "ok":
            raise BackupError(str(database), f"is damaged: {problem}", _OLDER)
        return copy.execute("SELECT count(*) FROM analytics_event").fetchone()[0]


def _add_files(tar: tarfile.TarFile, database: Path) -> int:
    count = 0
    for path in _kept_files(database):
        # A file of the spool can go while it is read: then its events are in the database.
        with contextlib.suppress(FileNotFoundError):
            name = f"{_DATA}/{path.relative_to(DATA_FOLDER)}"
            if path.is_symlink():
                tar.add(path, name)
            else:
                _add_bytes(tar, name, path.read_bytes(), path.stat().st_mode)
            count += 1
    return count


def _kept_files(database: Path) -> Iterator[Path]:
    copies = {database.with_name(f"{database.name}.insights")}
    for path in sorted(DATA_FOLDER.rglob("*")):
        if any(parent.name.startswith(_ASIDE) for parent in path.parents):
            continue
        is_in_copy = any(
            parent in copies or parent.name.startswith("insights-") or parent.suffix == ".insights"
            for parent in path.parents
        )
        if path.is_dir() or (is_in_copy and path.name != _COPY_KEY):
            continue
        if not path.name.endswith(_PAGES_OF_DATABASES):
            yield path


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


def _require_stopped(database: Path) -> None:
    """Only who is alone with a database may leave its write-ahead log."""
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
    there = [path for path in database.parent.glob(f"{database.name}*") if _is_of(database, path)]
    own = [DATA_FOLDER / "spool"] if (DATA_FOLDER / "spool").exists() else []
    if not there:
        return None
    aside = database.parent / f"{_ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}"
    aside.mkdir()
    for path in [*there, *own]:
        path.replace(aside / path.name)
    return aside


def _is_of(database: Path, path: Path) -> bool:
    """The database itself, its journals, and the columnar copy, which would not match any more."""
    return path.name in {
        database.name,
        *(f"{database.name}{end}" for end in ("-wal", "-shm", "-journal", ".insights")),
    }
