"""The database that `location` names: SQLite or PostgreSQL."""

import contextlib
import functools
import os
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import create_engine

from backstage_py.analytics.config.location import DatabaseUrl, database_url, open_folder
from backstage_py.analytics.errors import ConfigurationError

_HINT = (
    "Use a URL such as sqlite:///folder/portal.db or postgresql+psycopg://host/name; "
    "if DATABASE_URL is for the app's own database, set BACKSTAGE_PY_DATABASE_URL as well"
)
CONNECTIONS_VARIABLE = "BACKSTAGE_PY_DATABASE_CONNECTIONS"
CONNECTIONS = 12
LEAST_CONNECTIONS = 4
"""The smallest limit of PostgreSQL connections per process; one holds locks, one listens."""
KEPT_CONNECTIONS = 3
BUSY_SECONDS = 5
"""How long a writer waits for another writer's lock."""
_WRITER_LOCK = 0x6261636B77726974  # "backwrit": one writer at a time of one database


def open_engine(environ: Mapping[str, str] = os.environ) -> Engine:
    """The engine of this process.

    Raises:
        ConfigurationError: If the variable that names the database does not hold a usable URL.
    """
    found = database_url(environ)
    try:
        url = make_url(found.url)
        if url.get_backend_name() == "sqlite":
            engine = _open_sqlite(found.url, url.database)
        else:
            engine = _open_postgresql(found.url, _connections(environ))
    except (ArgumentError, ImportError) as error:
        raise ConfigurationError(found.source, f"cannot be opened: {error}", _HINT) from error
    _require_usable(found, engine)
    return engine


@contextlib.contextmanager
def begin_writing(engine: Engine) -> Generator[Connection]:
    """The only writing transaction, committed at its end.

    Positions thus become visible in order, which cursors rely on.

    Raises:
        sqlalchemy.exc.OperationalError: If another writer takes too long.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
        yield connection


def _require_usable(found: DatabaseUrl, engine: Engine) -> None:
    if engine.dialect.name not in {"sqlite", "postgresql"}:
        raise ConfigurationError(found.source, f"is a {engine.dialect.name} database", _HINT)
    if engine.dialect.is_async:
        problem = f"names an asynchronous driver, {engine.dialect.driver}"
        raise ConfigurationError(found.source, problem, _HINT)


def _connections(environ: Mapping[str, str]) -> int:
    text = environ.get(CONNECTIONS_VARIABLE, str(CONNECTIONS))
    if not text.isdigit() or int(text) < LEAST_CONNECTIONS:
        hint = f"Use a number from {LEAST_CONNECTIONS}"
        raise ConfigurationError(CONNECTIONS_VARIABLE, f"is {text!r}", hint)
    return int(text)


@functools.cache
def _open_postgresql(url: str, connections: int) -> Engine:
    """One engine for all parts of a process, so that its connections are counted once.

    It keeps a few of them open, and waits for a free one when all are in use.
    """
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=min(KEPT_CONNECTIONS, connections),
        max_overflow=max(0, connections - KEPT_CONNECTIONS),
        pool_timeout=BUSY_SECONDS,
        connect_args={"connect_timeout": BUSY_SECONDS},
    )


def _open_sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:" and not file.startswith("file:"):
        _make_private(Path(file))
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _make_private(file: Path) -> None:
    """A new file is readable by its owner only; SQLite gives its log the same permissions.

    A folder that cannot be written is reported when the database is first used.
    """
    with contextlib.suppress(OSError):
        open_folder(file.parent)
        if not file.exists():
            file.touch(mode=0o600)


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """Commits are on disk, deleted data is overwritten, and readers do not wait for writers."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()
