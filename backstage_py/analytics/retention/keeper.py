"""The keeper: deletes expired events and lets backends erase, in one process at a time.

Its state is in the database alone. Each deletion is a small transaction of its own, with a pause
after it that is longer, so that ingest, which can write then, hardly notices.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine

from backstage_py.analytics.backends.backend import Backend
from backstage_py.analytics.backends.classify import classify
from backstage_py.analytics.backends.policy import DeliveryPolicy
from backstage_py.analytics.clock import Clock, utc_now
from backstage_py.analytics.errors import CannotEraseError, RetryLaterError
from backstage_py.analytics.metrics.metrics import Metrics
from backstage_py.analytics.periodic import Every
from backstage_py.analytics.retention.listeners import notify
from backstage_py.analytics.retention.retention import Retention
from backstage_py.analytics.store.deletions import (
    DeletionLog,
    Rule,
    count_expired,
    delete_events,
    delete_expired,
    find_returned,
)
from backstage_py.analytics.store.deliveries import Failure
from backstage_py.analytics.store.engine import begin_writing
from backstage_py.analytics.store.erasures import ErasureState, ErasureStore, ErasureTask
from backstage_py.analytics.store.process_lock import ProcessLock

_logger = logging.getLogger(__name__)

EXPIRY_EVERY = timedelta(hours=1)
LOOK_SECONDS = 30.0
"""How often it looks for erasures requested in the shell."""
MOST_ASKED_SECONDS = 3_600
"""The longest pause that a backend may ask for."""
PAUSE_SECONDS = 0.05
"""The pause between two batches."""


class Keeper:
    """Expires and erases what is due, in a thread of its own."""

    def __init__(
        self,
        engine: Engine,
        retention: Retention,
        backends: Sequence[Backend] = (),
        *,
        metrics: Metrics | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._engine = engine
        self._retention = retention
        self._erasures = ErasureStore(engine)
        self._backends: Mapping[str, Backend] = {one.name: one for one in backends}
        self._metrics = metrics or Metrics()
        self._clock = clock
        self._lock = ProcessLock(engine, "keeper")
        self._stopping = threading.Event()
        self._expired_at: datetime | None = None
        self._every = Every(LOOK_SECONDS, self._look, "analytics-keeper", trouble="Retention waits")

    def start(self) -> None:
        """Start the thread, in the process that serves."""
        self._every.start()

    def close(self, timeout_seconds: float) -> None:
        """Stop after the batch that is being deleted."""
        self._stopping.set()
        self._every.close(timeout_seconds)
        self._lock.release()

    def step(self, now: datetime) -> None:
        """Do what is due now.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        self._delete_returned(now)
        self.pass_on(now)
        if self._expired_at is None or now - self._expired_at >= EXPIRY_EVERY:
            self.expire(now)
            self._expired_at = now

    def pass_on(self, now: datetime) -> None:
        """Let each backend erase what is due, once.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
        """
        for task in self._erasures.due(now):
            self._erasures.settle(self._try(task, now))

    def expire(self, now: datetime, pause: Callable[[], object] | None = None) -> int:
        """Delete expired events; returns how many.

        Args:
            now: The current time.
            pause: Called after each batch; returns True to stop.
        """
        log = DeletionLog(self._engine)
        logged, total = log.last_position(), 0
        wait = pause or (lambda: self._stopping.wait(PAUSE_SECONDS))
        batches = (
            count
            for rule in self._retention.rules(now)
            for count in delete_expired(self._engine, rule, now)
        )
        for count in batches:
            total += count
            self._metrics.expired.inc(count)
            if wait():
                break
        for deletion in log.after(logged):
            notify(deletion)
        if total:
            _logger.info("%d events were old enough and are deleted", total)
        return total

    def _delete_returned(self, now: datetime) -> None:
        while found := find_returned(self._engine):
            positions, ids = [one for one, _ in found], [id_ for _, id_ in found]
            with begin_writing(self._engine) as connection:
                deletion, _ = delete_events(connection, positions, ids, now)
            self._metrics.erased.inc(len(ids))
            notify(deletion)

    def _try(self, task: ErasureTask, now: datetime) -> ErasureTask:
        backend = self._backends.get(task.backend)
        if backend is None or task.user_id is None:
            reason = "It is not configured any more: erase the user in the tool itself"
            return replace(task, state=ErasureState.IMPOSSIBLE, failure=Failure(reason=reason))
        try:
            _erase_within(backend, task.user_id)
        except CannotEraseError as error:
            failure = replace(task.failure, reason=error.reason, retry_at=None)
            return replace(task, state=ErasureState.IMPOSSIBLE, failure=failure)
        except Exception as error:  # ruff: ignore[blind-except]
            return _failed(task, error, backend.policy, now)
        return replace(task, state=ErasureState.DONE, failure=Failure())

    def _look(self) -> None:
        if self._lock.acquire():
            self.step(self._clock())


def count_due(engine: Engine, rules: Sequence[Rule]) -> dict[str, int]:
    """How many events would be deleted now, by action."""
    counts: dict[str, int] = {}
    for rule in rules:
        counts |= count_expired(engine, rule)
    return dict(sorted(counts.items()))


def _erase_within(backend: Backend, user_id: str) -> None:
    """Let a backend erase, within the time that its deliveries have.

    Raises:
        RetryLaterError: If it takes longer; then it is no longer waited for.
        Exception: The backend's own error.
    """
    call: Future[None] = Future()

    def run() -> None:
        try:
            backend.erase_user(user_id)
        except BaseException as error:  # ruff: ignore[blind-except]
            call.set_exception(error)
        else:
            call.set_result(None)

    threading.Thread(target=run, name=f"analytics-erase-{backend.name}", daemon=True).start()
    try:
        call.result(backend.policy.timeout)
    except TimeoutError:
        if call.done():
            raise
        raise RetryLaterError(f"no answer within {backend.policy.timeout:g} seconds") from None


def _failed(
    task: ErasureTask, error: Exception, policy: DeliveryPolicy, now: datetime
) -> ErasureTask:
    verdict = classify(error)
    tries = task.failure.tries + 1
    since = task.failure.failing_since or now
    if not isinstance(verdict, RetryLaterError):
        failure = Failure(tries, since, None, verdict.reason)
        return replace(task, state=ErasureState.IMPOSSIBLE, failure=failure)
    pause = policy.pause(tries).total_seconds()
    pause = max(pause, min(verdict.after_seconds or 0, MOST_ASKED_SECONDS))
    retry_at = now + timedelta(seconds=pause)
    return replace(task, failure=Failure(tries, since, retry_at, verdict.reason))
