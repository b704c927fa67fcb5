"""A lock that one of the processes on a database holds, and that dies with it."""

import contextlib
import threading
from pathlib import Path
from weakref import WeakKeyDictionary
from zlib import crc32

import filelock
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

_LOCKS = 0x6261636B  # "back": the first half of our advisory locks on PostgreSQL


class FileLock:
    """The lock of a file on this machine."""

    def __init__(self, file: Path) -> None:
        self._path = file
        self._file: filelock.FileLock | None = None

    def acquire(self) -> bool:
        """Take it; returns whether this process has it.

        Raises:
            OSError: If the file cannot be made.
        """
        if self._file is not None:
            return True
        # Made here, since a lock that was made before a fork is not the child's.
        file = filelock.FileLock(self._path, mode=0o600, thread_local=False)
        try:
            file.acquire(blocking=False)
        except filelock.Timeout:
            return False
        self._file = file
        return True

    def release(self) -> None:
        """Release it, so that another process can take it."""
        if self._file is not None:
            self._file.release()
            self._file = None


class ProcessLock:
    """Named locks of a database: a file's on SQLite, an advisory one on PostgreSQL."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine = engine
        self._name = name
        self._file: FileLock | None = None
        self._session: _LockSession | None = None

    def acquire(self) -> bool:
        """Take it; returns whether this process has it.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database cannot be asked.
            OSError: If the file of the lock cannot be made.
        """
        if self._engine.dialect.name == "sqlite":
            return self._acquire_file()
        return self._acquire_advisory()

    def release(self) -> None:
        """Release it, so that another process can take it."""
        if self._file is not None:
            self._file.release()
        if self._session is not None:
            self._session.unlock(self._key)
            self._session = None

    @property
    def _key(self) -> int:
        return crc32(self._name.encode()) - 2**31

    def _acquire_file(self) -> bool:
        database = self._engine.url.database
        if not database or database == ":memory:":
            return True
        self._file = self._file or FileLock(_beside(Path(database), self._name))
        return self._file.acquire()

    def _acquire_advisory(self) -> bool:
        if self._session is not None:
            try:
                self._session.require_alive()
            except SQLAlchemyError:
                self._session = None
                raise
            return True
        session = _session_of(self._engine)
        if not session.lock(self._key):
            return False
        self._session = session
        return True


class _LockSession:
    """The connection that holds all advisory locks of this process; they die with it.

    PostgreSQL lets a session take its own lock again, so it is noted here which are taken.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._using = threading.Lock()
        self._connection: Connection | None = None
        self._held: set[int] = set()
        self.is_lost = False

    def lock(self, key: int) -> bool:
        with self._using:
            if key in self._held:
                return False
            if not self._ask(f"SELECT pg_try_advisory_lock({_LOCKS}, {key})"):
                return False
            self._held.add(key)
            return True

    def unlock(self, key: int) -> None:
        with self._using, contextlib.suppress(SQLAlchemyError):
            self._held.discard(key)
            self._ask(f"SELECT pg_advisory_unlock({_LOCKS}, {key})")

    def require_alive(self) -> None:
        """Raises SQLAlchemyError once the connection, and so every lock, is gone."""
        with self._using:
            self._ask("SELECT 1")

    def _ask(self, question: str) -> object:
        if self.is_lost:
            raise SQLAlchemyError("the connection that held the locks was lost")
        try:
            if self._connection is None:
                connection = self._engine.connect()
                self._connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            return self._connection.exec_driver_sql(question).scalar()
        except SQLAlchemyError:
            self._lose()
            raise

    def _lose(self) -> None:
        """Give up the connection: a process that held a lock must learn that it lost it."""
        self.is_lost = True
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.invalidate()
                self._connection.close()
        self._connection = None


_sessions: WeakKeyDictionary[Engine, _LockSession] = WeakKeyDictionary()
_opening = threading.Lock()


def _session_of(engine: Engine) -> _LockSession:
    with _opening:
        session = _sessions.get(engine)
        if session is None or session.is_lost:
            session = _sessions[engine] = _LockSession(engine)
        return session


def _beside(database: Path, name: str) -> Path:
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in name)
    return database.with_name(f"{database.name}.{safe}-{crc32(name.encode()):08x}.lock")
