"""A lock that one of the processes on a database holds, and that dies with it."""

import contextlib
from pathlib import Path
from zlib import crc32

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

_LOCKS = 0x6261636B  # "back": the first half of our advisory locks on PostgreSQL


class ProcessLock:
    """Named locks of a database: a file's on SQLite, an advisory one on PostgreSQL."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._file: FileLock | None = None
        self._connection: Connection | None = None

    def acquire(self) -> bool:
        """Whether this process has it, now or already.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database cannot be asked.
            OSError: If the file of the lock cannot be made.
        """
        if self._engine.dialect.name == "sqlite":
            return self._acquire_file()
        return self._acquire_advisory()

    def release(self) -> None:
        """Let another process have it."""
        if self._file is not None:
            self._file.release()
            self._file = None
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.invalidate()
                self._connection.close()
            self._connection = None

    def _acquire_file(self) -> bool:
        database = self._engine.url.database
        if self._file is not None or not database or database == ":memory:":
            return True
        file = FileLock(_beside(Path(database), self._name), mode=0o600, thread_local=False)
        try:
            file.acquire(blocking=False)
        except Timeout:
            return False
        self._file = file
        return True

    def _acquire_advisory(self) -> bool:
        if self._connection is not None:
            try:
                self._connection.exec_driver_sql("SELECT 1")
            except SQLAlchemyError:
                self.release()
                raise
            return True
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        key = crc32(self._name.encode()) - 2**31
        question = f"SELECT pg_try_advisory_lock({_LOCKS}, {key})"
        if not connection.exec_driver_sql(question).scalar():
            connection.close()
            return False
        self._connection = connection
        return True


def _beside(database: Path, name: str) -> Path:
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in name)
    return database.with_name(f"{database.name}.{safe}-{crc32(name.encode()):08x}.lock")
