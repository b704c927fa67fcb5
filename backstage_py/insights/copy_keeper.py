"""Keeps a columnar copy in sync with the store, in any engine.

Only the process that holds a lock writes to the copy. A step may be interrupted anywhere, even by
`kill -9`: drivers write so that half of a change is never visible, and the next step continues from
the copy's own position.
"""

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from backstage_py.insights.columnar_copy import FreshEngine
from backstage_py.insights.directory import Directory

_logger = logging.getLogger(__name__)


class Requests(Protocol):
    """Requests of other processes to the keeper of the copy."""

    def add(self, request: Mapping[str, Any]) -> None:
        """Add a request."""
        ...

    def read(self) -> Mapping[str, Mapping[str, Any]]:
        """All requests by their ids, the oldest first."""
        ...

    def remove(self, id_: str) -> None:
        """Remove a request that has been answered."""
        ...


class KeepersLock(Protocol):
    """A lock that dies with the process that holds it."""

    def acquire(self) -> bool:
        """Take it; returns whether this process has it."""
        ...

    def release(self) -> None:
        """Release it, so that another process can take it."""
        ...


class CopyTable(Protocol):
    """The copy in one engine; only the keeper calls what changes it."""

    @property
    def name(self) -> str:
        """The place of the copy, for the log."""
        ...

    @property
    def requests(self) -> Requests:
        """The requests of other processes."""
        ...

    @property
    def lock(self) -> KeepersLock:
        """The lock of the process that maintains this copy; present once it is prepared."""
        ...

    def prepare(self) -> None:
        """Create the storage for events and requests, unless it exists."""
        ...

    def is_of_this_store(self) -> bool:
        """Whether it is readable and a copy of this store."""
        ...

    def take_in(self, *, at_once: bool) -> None:
        """Add the new events; unless `at_once`, a few events may wait for more."""
        ...

    def reconcile(self) -> int:
        """Remove events deleted from the store; returns how many."""
        ...

    def refresh(self, ids: Sequence[str]) -> None:
        """Replace these events with the store's current version, or drop them."""
        ...

    def rebuild(self) -> None:
        """Build the copy again while the old one serves."""
        ...

    def agrees(self) -> bool:
        """Whether it has as many rows as the store has up to its position."""
        ...

    def position(self) -> int:
        """The position up to which the store is copied."""
        ...

    def fresh(self, directory: Directory) -> AbstractContextManager[FreshEngine]:
        """A context in which this thread can query the copy with the newest events."""
        ...

    def reread(self) -> None:
        """Drop cached events that are not in the copy yet, since some have changed."""
        ...

    def close(self) -> None:
        """Close everything that is open."""
        ...


class CopyKeeper:
    """Reads and keeps a copy; usable from any thread.

    Methods that change the copy raise its engine's errors, OSError or AnalyticsError; the next step
    continues from there.
    """

    def __init__(self, table: CopyTable) -> None:
        self._table = table
        self._lock = table.lock
        # Threads of this process take turns: the process lock lets all of them in. It is
        # reentrant, since answering requests and checking the store may rebuild within a step.
        self._turn = threading.RLock()
        self._is_checked = False

    def fresh(self, directory: Directory) -> AbstractContextManager[FreshEngine]:
        """A context in which this thread can query the copy with the newest events."""
        return self._table.fresh(directory)

    def position(self) -> int:
        """The position up to which the store is copied."""
        return self._table.position()

    def agrees(self) -> bool:
        """Whether the copy has as many rows as the store has up to its position."""
        return self._table.agrees()

    def step(self, *, at_once: bool = False) -> bool:
        """Add new events and do requested work; returns whether this process may.

        Args:
            at_once: Add new events even if there are only a few.
        """
        with self._turn:
            if not self._begin():
                return False
            self._answer_requests()
            self._table.take_in(at_once=at_once)
            return True

    def reconcile(self) -> int | None:
        """Remove events deleted from the store; returns how many.

        None if another process keeps the copy, which does it within seconds.
        """
        with self._turn:
            if not self._begin():
                self._table.requests.add({"reconcile": True})
                return None
            return self._table.reconcile()

    def refresh(self, ids: Iterable[str]) -> bool:
        """Replace events with the store's current version, or drop them; call it after the commit.

        False if another process keeps the copy, which does it within seconds.
        """
        with self._turn:
            ids = sorted(set(ids))
            self._table.reread()
            if not self._begin():
                self._table.requests.add({"ids": ids})
                return False
            self._table.refresh(ids)
            return True

    def rebuild(self) -> bool:
        """Build the copy again while the old one serves.

        False if another process keeps the copy, which does it within seconds.
        """
        with self._turn:
            if not self._begin():
                self._table.requests.add({"rebuild": True})
                return False
            self._table.rebuild()
            return True

    def close(self) -> None:
        """Let another process keep the copy, and close everything that is open."""
        self._lock.release()
        self._is_checked = False
        self._table.close()

    def _begin(self) -> bool:
        """Whether this process keeps the copy; once it does, a foreign copy is replaced."""
        # Before the lock, since a process that does not get it leaves its request there.
        self._table.prepare()
        if not self._lock.acquire():
            return False
        if not self._is_checked:
            # A database may have been restored or exchanged under the same name. Positions
            # would then mean other events, and nothing later on would notice.
            if not self._table.is_of_this_store():
                _logger.warning("The copy in %s is not of this store: rebuilding", self._table.name)
                self._table.rebuild()
            self._is_checked = True
        return True

    def _answer_requests(self) -> None:
        for id_, request in self._table.requests.read().items():
            if request.get("rebuild"):
                self._table.rebuild()
            elif request.get("reconcile"):
                self._table.reconcile()
            else:
                self._table.refresh(request.get("ids", []))
            # Removed last: one that is interrupted is answered again, which does no harm.
            self._table.requests.remove(id_)
