"""Claims on tasks: one run in one process works on a task while it renews its claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import or_, select

from backstage_py.plugins.scaffolder.tasks.output import write_output
from backstage_py.plugins.scaffolder.tasks.rows import (
    DONE,
    list_steps,
    reopen_steps,
    update_claimed,
    update_steps,
    update_task,
    write_json,
)
from backstage_py.plugins.scaffolder.tasks.spec import TaskSpec
from backstage_py.plugins.scaffolder.tasks.tables import TASK, OnChange, changing, clean, to_number
from backstage_py.plugins.scaffolder.tasks.task import StepStatus, TaskOutput, TaskStatus, TaskStep
from backstage_py.storage import Database

MAX_ERROR = 20_000
"""The maximum length of a stored error."""


class RunAbandonedError(Exception):
    """The run ends here; another one will continue."""


class ClaimLostError(RunAbandonedError):
    """Another run has taken the task over."""


@dataclass(frozen=True, slots=True)
class ClaimedTask:
    """A task that one run may work on.

    `outputs` are those of finished steps, `attempts` the runs since the last finished step.
    """

    id: str
    claim: str
    spec: TaskSpec
    secrets: Mapping[str, str]
    outputs: Mapping[str, Mapping[str, Any]]
    steps: tuple[TaskStep, ...]
    attempts: int

    @property
    def done(self) -> int:
        """The number of finished steps."""
        undone = (number for number, step in enumerate(self.steps) if step.status not in DONE)
        return next(undone, len(self.steps))


class TaskClaims:
    """The claims of runs on tasks; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, database: Database, on_change: OnChange = lambda _task_id: None) -> None:
        self._database = database
        self._on_change = on_change

    def claim(self, claim: str, *, now: datetime, lease: timedelta) -> ClaimedTask | None:
        """Claim the oldest task that is waiting, or whose claim has expired."""
        is_left = (TASK.c.status == "processing") & (TASK.c.lease_until < to_number(now))
        query = (
            select(TASK)
            .where(or_(TASK.c.status == "open", is_left))
            .order_by(TASK.c.created_at, TASK.c.id)
            .limit(1)
        )
        with self._database.reading() as connection:
            if connection.execute(query).first() is None:
                return None
        with self._database.writing() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            taken = {"claim": claim, "lease_until": to_number(now + lease)}
            attempts = row.attempts + 1
            update_task(connection, row.id, status="processing", attempts=attempts, **taken)
            steps = list_steps(connection, [row.id])[row.id]
        self._on_change(row.id)
        return ClaimedTask(
            id=row.id,
            claim=claim,
            spec=TaskSpec.from_json(row.spec),
            secrets=orjson.loads(row.secrets) if row.secrets else {},
            outputs=orjson.loads(row.outputs),
            steps=steps,
            attempts=attempts,
        )

    def renew(self, task: ClaimedTask, *, until: datetime) -> bool:
        """Renew the claim on a task; false if another run has it."""
        with self._database.writing() as connection:
            return update_claimed(connection, task.id, task.claim, lease_until=to_number(until))

    def release(self, task: ClaimedTask) -> None:
        """Release a task, so that another process can continue at once."""
        with changing(self._database, task.id, self._on_change) as connection:
            update_claimed(connection, task.id, task.claim, lease_until=0, attempts=0)

    def begin_step(self, task: ClaimedTask, position: int, *, now: datetime) -> None:
        """Note that a step begins.

        Raises:
            ClaimLostError: If another run has the task.
        """
        begun = {"status": "processing", "started_at": to_number(now), "ended_at": None}
        with changing(self._database, task.id, self._on_change) as connection:
            _require(update_claimed(connection, task.id, task.claim, status="processing"), task)
            update_steps(connection, task.id, [position], **begun)

    def end_step(
        self,
        task: ClaimedTask,
        position: int,
        status: StepStatus,
        *,
        outputs: Mapping[str, Mapping[str, Any]],
        now: datetime,
    ) -> None:
        """Note how a step ended, and the outputs of all that are done.

        Raises:
            ClaimLostError: If another run has the task.
        """
        changed = {"outputs": write_json(outputs), "attempts": 0} if status in DONE else {}
        ended = {"status": status, "ended_at": to_number(now)}
        with changing(self._database, task.id, self._on_change) as connection:
            kept = update_claimed(connection, task.id, task.claim, status="processing", **changed)
            _require(kept, task)
            update_steps(connection, task.id, [position], **ended)

    def restart(self, task: ClaimedTask) -> None:
        """Reset all steps.

        Raises:
            ClaimLostError: If another run has the task.
        """
        with changing(self._database, task.id, self._on_change) as connection:
            _require(update_claimed(connection, task.id, task.claim, outputs="{}"), task)
            reopen_steps(connection, task.id, range(len(task.steps)))

    def is_cancelling(self, task: ClaimedTask) -> bool:
        """Whether the task is to stop.

        Raises:
            ClaimLostError: If another run has the task.
        """
        query = select(TASK.c.is_cancelling, TASK.c.claim).where(TASK.c.id == task.id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
        _require(row is not None and row.claim == task.claim, task)
        return bool(row and row.is_cancelling)

    def finish(
        self,
        task: ClaimedTask,
        status: TaskStatus,
        *,
        error: str,
        output: TaskOutput,
        now: datetime,
    ) -> bool:
        """Finish a task and delete its secrets; false if another run has it.

        The outputs of its steps are kept only for a retry, since they may hold secrets.
        """
        ended = {
            "status": status,
            "error": clean(error)[:MAX_ERROR],
            "output": write_json(write_output(output)),
            "ended_at": to_number(now),
            "secrets": None,
            "claim": None,
            "is_cancelling": False,
            **({"outputs": "{}"} if status == "completed" else {}),
        }
        with changing(self._database, task.id, self._on_change) as connection:
            is_ended = update_claimed(connection, task.id, task.claim, **ended)
        if task.secrets:
            self._database.empty_journal()
        return is_ended


def _require(is_ours: object, task: ClaimedTask) -> None:
    if not is_ours:
        raise ClaimLostError(task.id)
