"""Tells every process on a database at once that something happened, instead of polling.

On PostgreSQL by LISTEN and NOTIFY; on SQLite, whose processes share a machine, by a small file
beside the database. A signal says what to read again, never its content: a lost or doubled one
costs one read, and permissions are checked by that read.
"""

import contextlib
import json
import logging
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics.periodic import Every

_logger = logging.getLogger(__name__)

ANYTHING = "*"
"""The key of a signal about all keys of a topic."""
PAUSE_SECONDS = 0.25
"""The least time before the same signal is sent to other processes again."""
RETRY_SECONDS = 2.0
_CHANNEL = "backstage_py_signals"
_FILE_LOOK_SECONDS = 0.25
_FILE_BYTES = 64 * 1024
_WAIT_SECONDS = 1.0
_PROBE_EVERY = 10
"""After this many waits, a silent connection is checked."""

Signal: TypeAlias = tuple[str, str]
"""A topic, such as "notifications", and a key, such as the ref of a user."""
Listener: TypeAlias = Callable[[str], None]
"""Called with the key of each signal of its topic, in any thread; must return at once."""


class Transport(Protocol):
    """Carries signals to other processes."""

    def send(self, signals: Iterable[Signal]) -> None:
        """Send some; raises SQLAlchemyError or OSError if it can't be done now."""
        ...

    def receive(self, hearing: "_Hearing") -> None:
        """Receive those of other processes until closed; raises if the connection breaks."""
        ...


@dataclass(frozen=True, slots=True)
class _Hearing:
    """The receiver of signals: `begin` is called once none can be missed any more."""

    begin: Callable[[], None]
    take: Callable[[Signal], None]
    is_closed: Callable[[], bool]


class Signals:
    """The signals of this process and of the others on its database; usable from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._transport = _open_transport(engine)
        self._listeners: dict[str, list[Listener]] = {}
        self._changing = threading.Lock()
        self._waiting: dict[Signal, None] = {}
        self._sent: dict[Signal, float] = {}
        self._is_closed = threading.Event()
        self._sender = Every(
            None, self._send_waiting, "signals-out", trouble="Other processes learn of it later"
        )
        self._receiver = Every(
            RETRY_SECONDS, self._receive, "signals-in", trouble="Signals of other processes wait"
        )

    def start(self) -> None:
        """Start receiving the signals of other processes, in the background."""
        if self._transport is not None:
            self._receiver.start()

    def close(self) -> None:
        """Send what waits and stop."""
        self._is_closed.set()
        self._sender.close(_WAIT_SECONDS)
        self._receiver.close(2 * _WAIT_SECONDS)

    def send(self, topic: str, key: str = ANYTHING) -> None:
        """Say that something happened; returns at once and never raises."""
        self._tell((topic, key))
        if self._transport is not None:
            with self._changing:
                self._waiting[topic, key] = None
            self._sender.start()

    def listen(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Call a listener from now on; returns a function that ends that."""
        with self._changing:
            self._listeners[topic] = [*self._listeners.get(topic, ()), listener]

        def stop() -> None:
            with self._changing:
                others = [one for one in self._listeners[topic] if one is not listener]
                self._listeners[topic] = others

        return stop

    def _tell(self, signal: Signal) -> None:
        topic, key = signal
        for listener in self._listeners.get(topic, ()):
            try:
                listener(key)
            except Exception:
                _logger.exception("A listener failed at %s", topic)

    def _send_waiting(self) -> float | None:
        """Send what wasn't sent just before; the seconds until the rest is due."""
        now = time.monotonic()
        with self._changing:
            due = [one for one in self._waiting if now - self._sent.get(one, -1e9) >= PAUSE_SECONDS]
            for one in due:
                del self._waiting[one]
            self._sent = {
                one: at for one, at in self._sent.items() if now - at < PAUSE_SECONDS
            } | dict.fromkeys(due, now)
            has_more = bool(self._waiting)
        if due and self._transport is not None:
            self._transport.send(due)
        return PAUSE_SECONDS if has_more else None

    def _receive(self) -> None:
        """Receive signals until the connection is lost; afterwards all topics are notified."""
        if self._is_closed.is_set() or self._transport is None:
            return
        self._transport.receive(_Hearing(self._tell_everything, self._tell, self._is_closed.is_set))

    def _tell_everything(self) -> None:
        for topic in list(self._listeners):
            self._tell((topic, ANYTHING))


def _open_transport(engine: Engine) -> Transport | None:
    database = engine.url.database
    if engine.dialect.name != "sqlite":
        return _PostgresTransport(engine)
    if not database or database == ":memory:":
        return None
    return _FileTransport(Path(f"{database}.signals"))


class _PostgresTransport:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._id = uuid.uuid4().hex

    def send(self, signals: Iterable[Signal]) -> None:
        notify = text("SELECT pg_notify(:channel, :payload)")
        payloads = [_write(_origin_of(self._id), one) for one in signals]
        with self._engine.begin() as connection:
            connection.execute(notify, [{"channel": _CHANNEL, "payload": one} for one in payloads])

    def receive(self, hearing: "_Hearing") -> None:
        connection = self._engine.connect()
        try:
            self._listen(connection, hearing)
        except Exception as error:
            raise SQLAlchemyError(f"the connection for signals is lost: {error}") from error
        finally:
            with contextlib.suppress(Exception):
                connection.invalidate()
                connection.close()

    def _listen(self, connection: Connection, hearing: "_Hearing") -> None:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        driver: Any = connection.connection.driver_connection
        driver.execute(f"LISTEN {_CHANNEL}")
        hearing.begin()
        quiet = 0
        while not hearing.is_closed():
            quiet += 1
            for notice in driver.notifies(timeout=_WAIT_SECONDS):
                quiet = 0
                _take(notice.payload, _origin_of(self._id), hearing.take)
            if quiet >= _PROBE_EVERY:
                driver.execute("SELECT 1")
                quiet = 0


class _FileTransport:
    """A file of lines that each process follows; a large one is started again."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._id = uuid.uuid4().hex

    def send(self, signals: Iterable[Signal]) -> None:
        lines = "".join(f"{_write(_origin_of(self._id), one)}\n" for one in signals).encode()
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            if os.fstat(descriptor).st_size > _FILE_BYTES:
                os.ftruncate(descriptor, 0)
            os.write(descriptor, lines)
        finally:
            os.close(descriptor)

    def receive(self, hearing: "_Hearing") -> None:
        place = self._size()
        hearing.begin()
        while not hearing.is_closed():
            time.sleep(_FILE_LOOK_SECONDS)
            size = self._size()
            if size < place:
                place = 0
            if size > place:
                with self._file.open("rb") as file:
                    file.seek(place)
                    lines = file.read(size - place)
                whole = lines.rfind(b"\n") + 1
                place += whole
                for line in lines[:whole].splitlines():
                    _take(line.decode(errors="replace"), _origin_of(self._id), hearing.take)

    def _size(self) -> int:
        try:
            return self._file.stat().st_size
        except FileNotFoundError:
            return 0


def _origin_of(id_: str) -> str:
    """An id that distinguishes this process from others forked from the same one."""
    return f"{id_}-{os.getpid()}"


def _write(origin: str, signal: Signal) -> str:
    return json.dumps([origin, *signal])


def _take(payload: str, own: str, take: Callable[[Signal], None]) -> None:
    try:
        origin, topic, key = json.loads(payload)
    except ValueError:
        return
    if origin != own and isinstance(topic, str) and isinstance(key, str):
        take((topic, key))
