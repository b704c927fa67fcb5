"""Opens the tables of one owner: migrated at first use, with one writer at a time."""

import contextlib
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, Table
from sqlmodel import SQLModel

from backstage_py.analytics.store.engine import begin_writing
from backstage_py.analytics.store.migrate import migrate


class Database:
    """The tables of one owner, a plugin for example; usable from any thread.

    Opening it raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer, and
    `ConfigurationError` if its tables are of a newer release than this one.
    """

    def __init__(self, engine: Engine, *, name: str, migrations: Path) -> None:
        """Take an engine; nothing is opened yet.

        Args:
            engine: The database.
            name: The owner's name; the table `<name>_version` says which revision its tables have.
            migrations: The folder whose `versions` are the revisions.
        """
        self._engine = engine
        self._version_table = f"{name}_version"
        self._versions = migrations / "versions"
        self._migrating = threading.Lock()
        self._is_migrated = False

    @contextlib.contextmanager
    def reading(self) -> Generator[Connection]:
        """Open a connection for reading."""
        with self.ready().connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Generator[Connection]:
        """Open the only writing transaction, committed at its end."""
        with begin_writing(self.ready()) as connection:
            yield connection

    def empty_journal(self) -> None:
        """Remove overwritten and deleted data from SQLite's write-ahead log too.

        Until then a secret that no row holds any more can still be read from the file.
        """
        engine = self.ready()
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def ready(self) -> Engine:
        """Return the engine, once the tables are those of this release."""
        with self._migrating:
            if not self._is_migrated:
                migrate(self._engine, versions=self._versions, version_table=self._version_table)
                self._is_migrated = True
        return self._engine


def table_of(model: type[SQLModel]) -> Table:
    """Return the table of a model, for statements of SQLAlchemy."""
    return cast("Any", model).__table__
