"""Keeps a columnar copy like the store, whatever engine it is in.

Of all processes only the holder of a lock writes to the copy. A step may be interrupted anywhere,
by `kill -9` too: drivers write so that half of a change is never seen, and the next step goes on
from the copy's own position.
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
    """What other processes want of the one that keeps the copy."""

    def add(self, request: Mapping[str, Any]) -> None:
        """Leave a request."""
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
        """Whether this process has it, now or already."""
        ...

    def release(self) -> None:
        """Let another process have it."""
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
        """Make the place for the events and for requests, unless it is there."""
        ...

    def is_of_this_store(self) -> bool:
        """Whether it can be read and is a copy of this store."""
        ...

    def take_in(self, *, at_once: bool) -> None:
        """Add the new events; unless `at_once`, a few events may wait for more."""
        ...

    def reconcile(self) -> int:
        """Remove events deleted from the store; returns how many."""
        ...

    def refresh(self, ids: Sequence[str]) -> None:
        """Make these events like the store has them now, or drop them."""
        ...

    def rebuild(self) -> None:
        """Build the copy again while the old one serves."""
        ...

    def agrees(self) -> bool:
        """Whether it has as many rows as the store has up to its position."""
        ...

    def position(self) -> int:
        """Everything that the store had up to this position is in it."""
        ...

    def fresh(self, directory: Directory) -> AbstractContextManager[FreshEngine]:
        """A context in which this thread can ask the copy and the newest events as one."""
        ...

    def reread(self) -> None:
        """Forget what was read of events that are not in the copy yet: some have changed."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


class CopyKeeper:
    """Reads and keeps a copy; usable from any thread.

    Methods that change the copy raise what its engine raises, OSError or AnalyticsError; the next
    step goes on from there.
    """

    def __init__(self, table: CopyTable) -> None:
        self._table = table
        self._lock = table.lock
        # Threads of this process take turns: the process lock lets all of them in. It is
        # reentrant, since answering requests and checking the store may rebuild within a step.
        self._turn = threading.RLock()
        self._is_checked = False

    def fresh(self, directory: Directory) -> AbstractContextManager[FreshEngine]:
        """A context in which this thread can ask the copy and the newest events as one."""
        return self._table.fresh(directory)

    def position(self) -> int:
        """Everything that the store had up to this position is in the copy."""
        return self._table.position()

    def agrees(self) -> bool:
        """Whether the copy has as many rows as the store has up to its position."""
        return self._table.agrees()

    def step(self, *, at_once: bool = False) -> bool:
        """Add new events and do requested work; returns whether this process may.

        Args:
            at_once: Take in new events however few they are.
        """
        with self._turn:
            if not self._begin():
                return False
            self._answer_requests()
            self._table.take_in(at_once=at_once)
            return True

    def reconcile(self) -> int | None:
        """Remove events deleted from the store; returns how many.

        None if another process keeps the copy: it does it within seconds.
        """
        with self._turn:
            if not self._begin():
                self._table.requests.add({"reconcile": True})
                return None
            return self._table.reconcile()

    def refresh(self, ids: Iterable[str]) -> bool:
        """Make events like the store has them now, or drop them; call it after the commit.

        False if another process keeps the copy: it does it within seconds.
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

        False if another process keeps the copy: it does it within seconds.
        """
        with self._turn:
            if not self._begin():
                self._table.requests.add({"rebuild": True})
                return False
            self._table.rebuild()
            return True

    def close(self) -> None:
        """Let another process keep the copy, and let go of what is open."""
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
