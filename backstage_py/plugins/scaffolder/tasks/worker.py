"""Runs tasks in the background of the portal, each in a thread of its own."""

import logging
import threading
import time
import uuid
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import Clock, Every
from backstage_py.plugins.scaffolder.tasks.claims import ClaimedTask, RunAbandonedError, TaskClaims
from backstage_py.plugins.scaffolder.tasks.runner import TaskRunner

LEASE = timedelta(seconds=30)
"""How long a task waits for a process that no longer responds."""
RENEW_SECONDS = 5.0
POLL_SECONDS = 1.0
"""How often the database is checked for tasks that other processes accepted."""
CLEAN_UP_SECONDS = 3600.0
_CHUNK = 500

_logger = logging.getLogger(__name__)


class TaskWorker:
    """Claims tasks and runs several at once; each task runs in only one process."""

    def __init__(
        self,
        claims: TaskClaims,
        runner: TaskRunner,
        *,
        limit: int,
        keep_failed: timedelta,
        now: Clock,
    ) -> None:
        self._claims = claims
        self._runner = runner
        self._limit = limit
        self._keep_failed = keep_failed
        self._now = now
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self._running: dict[str, tuple[ClaimedTask, threading.Thread]] = {}
        self._renewing = _Interval(RENEW_SECONDS)
        self._cleaning = _Interval(CLEAN_UP_SECONDS)
        self._every = Every(
            POLL_SECONDS, self._look, "scaffolder-tasks", trouble="No task can be started"
        )

    def start(self) -> None:
        """Begin, unless it has begun or no task is to run here."""
        if self._limit > 0:
            self._every.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Stop running tasks, for another process to continue; waits for a limited time."""
        self._stopping.set()
        self._every.ask_to_stop()
        until = time.monotonic() + seconds
        for _, thread in self._list_running():
            thread.join(max(0.0, until - time.monotonic()))

    def wake(self) -> None:
        """Check for tasks now."""
        self._every.wake()

    def run_pending(self) -> int:
        """Run the waiting tasks one after the other in this thread; returns how many."""
        count = 0
        while task := self._claim():
            self._run(task)
            count += 1
        return count

    def clean_up(self) -> None:
        """Delete the files of tasks that nobody will retry."""
        before = self._now() - self._keep_failed
        ids = self._runner.checkpoints.list_tasks(before=before)
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            for task_id in self._runner.store.list_forgettable(chunk, before=before):
                self._runner.checkpoints.forget(task_id)

    def _look(self) -> None:
        if self._stopping.is_set():
            return
        if self._renewing.is_over():
            self._renew()
        if self._cleaning.is_over():
            self.clean_up()
        self._begin_tasks()

    def _begin_tasks(self) -> None:
        while len(self._list_running()) < self._limit and (task := self._claim()):
            thread = threading.Thread(
                target=self._run, args=(task,), name=f"scaffolder-task-{task.id}", daemon=True
            )
            with self._changing:
                self._running[task.claim] = task, thread
            thread.start()

    def _renew(self) -> None:
        for task, _ in self._list_running():
            if not self._claims.renew(task, until=self._now() + LEASE):
                _logger.warning("Another process has taken the task %s over", task.id)

    def _claim(self) -> ClaimedTask | None:
        return self._claims.claim(uuid.uuid4().hex, now=self._now(), lease=LEASE)

    def _run(self, task: ClaimedTask) -> None:
        try:
            self._runner.run(task, self._stopping)
        except (RunAbandonedError, SQLAlchemyError, OSError) as error:
            _logger.warning("The task %s is left to another run: %s", task.id, error)
            self._release(task)
        except Exception:
            _logger.exception("The task %s ends its run", task.id)
        finally:
            with self._changing:
                self._running.pop(task.claim, None)
            self._every.wake()

    def _release(self, task: ClaimedTask) -> None:
        if not self._stopping.is_set():
            return
        try:
            self._claims.release(task)
        except SQLAlchemyError as error:
            _logger.warning("The task %s waits until its lease ends: %s", task.id, error)

    def _list_running(self) -> list[tuple[ClaimedTask, threading.Thread]]:
        with self._changing:
            return list(self._running.values())


class _Interval:
    """Tells whether an interval has passed; the first time it has."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until = float("-inf")

    def is_over(self) -> bool:
        if time.monotonic() < self._until:
            return False
        self._until = time.monotonic() + self._seconds
        return True
