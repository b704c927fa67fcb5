"""Keeps captures of event handlers until they are stored, even if the process dies.

Each process has a file of its own, one event a line, and a lock beside it that dies with the
process. A write has reached the operating system before the capture returns, so it survives
`kill -9`; a starting process reads the files of dead ones.
"""

import contextlib
import logging
import os
import threading
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson
from filelock import FileLock, Timeout

from backstage_py.analytics.config.location import open_folder
from backstage_py.analytics.errors import InvalidEventError
from backstage_py.analytics.event import RecordedEvent

_logger = logging.getLogger(__name__)


class Spool:
    """The file of this process; if it cannot be written, captures wait in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._life: FileLock | None = None
        self._lock = threading.Lock()
        self._unsettled = 0
        self._file: int | None = None
        self._is_open = False

    def add(self, event: RecordedEvent) -> None:
        """Append an event to the file; never raises."""
        line = orjson.dumps(event.to_wire()) + b"\n"
        with self._lock:
            self._unsettled += 1
            if not self._is_open:
                self._file, self._is_open = self._open(), True
            self._write(line)

    def settle(self, count: int) -> None:
        """Note that this many events are stored; once all are, the file is emptied."""
        with self._lock:
            self._unsettled -= count
            if self._unsettled == 0 and self._file is not None:
                os.ftruncate(self._file, 0)

    def leftovers(self) -> Iterator[list[RecordedEvent]]:
        """The events of each dead process; its file is removed when the next one is asked for."""
        for path in sorted(self._folder.glob("captures-*.jsonl")):
            lock = _lock_of(path)
            with contextlib.suppress(Timeout, FileNotFoundError), lock:
                yield list(_parse(path, path.read_bytes().splitlines()))
                path.unlink(missing_ok=True)
                Path(lock.lock_file).unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file, and remove it if all its events are stored."""
        with self._lock:
            if self._file is None:
                return
            os.close(self._file)
            self._file = None
            assert self._path is not None
            assert self._life is not None
            if self._unsettled == 0:
                self._path.unlink(missing_ok=True)
                Path(self._life.lock_file).unlink(missing_ok=True)
            self._life.release()

    def _open(self) -> int | None:
        try:
            open_folder(self._folder.parent)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            # Not earlier: a process that forks would hand its lock on.
            self._path = self._folder / f"captures-{uuid.uuid4().hex}.jsonl"
            self._life = _lock_of(self._path)
            self._life.acquire()  # before there is a file that others may look for
            return os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            _logger.warning("Captures of event handlers wait in memory only", exc_info=True)
            return None

    def _write(self, line: bytes) -> None:
        if self._file is None:
            return
        try:
            os.write(self._file, line)
        except OSError:
            _logger.warning("A capture waits in memory only", exc_info=True)


def _lock_of(path: Path) -> FileLock:
    """A lock beside a file, free when the process that wrote the file is dead."""
    lock = path.with_name(f"{path.name}.lock")
    return FileLock(lock, blocking=False, mode=0o600, thread_local=False)


def _parse(path: Path, lines: Iterable[bytes]) -> Iterator[RecordedEvent]:
    for line in lines:
        try:
            yield RecordedEvent.from_wire(orjson.loads(line))
        except (orjson.JSONDecodeError, InvalidEventError, AttributeError):
            _logger.warning("A line of %s is broken and left out: %r", path, line[:200])
