"""The database: SQLite under `data/` unless `DATABASE_URL` names another."""

import contextlib
import os
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import create_engine

from backstage_py.analytics.errors import ConfigurationError

_HINT = "Use a URL as sqlite:///data/portal.db or postgresql+psycopg://host/name"
DEFAULT_URL = "sqlite:///data/backstage_py.db"
BUSY_SECONDS = 5
"""How long a writer waits for another one's lock."""
_WRITER_LOCK = 0x6261636B77726974  # "backwrit": one writer at a time of one database


def open_engine(environ: Mapping[str, str] = os.environ) -> Engine:
    """The engine of this process.

    Raises:
        ConfigurationError: If `DATABASE_URL` is no URL of a database.
    """
    text = environ.get("DATABASE_URL") or DEFAULT_URL
    try:
        url = make_url(text)
        if url.get_backend_name() == "sqlite":
            return _open_sqlite(text, url.database)
        engine = create_engine(url, pool_pre_ping=True)
    except (ArgumentError, ImportError) as error:
        raise ConfigurationError(
            "DATABASE_URL",
            f"cannot be opened: {error}",
            _HINT,
        ) from error
    if engine.dialect.name != "postgresql":
        raise ConfigurationError("DATABASE_URL", f"is of {engine.dialect.name}", _HINT)
    return engine


@contextlib.contextmanager
def begin_writing(engine: Engine) -> Generator[Connection]:
    """A transaction that is the only one to write, committed at its end.

    Positions thus become visible in their order, which is what cursors rely on.

    Raises:
        sqlalchemy.exc.OperationalError: If another one writes for too long.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
        yield connection


def _open_sqlite(url: str, file: str | None) -> Engine:
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    """What is committed is on disk, what is deleted is overwritten, readers wait for no writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()
