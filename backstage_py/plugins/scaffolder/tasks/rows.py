"""Reads and writes single rows of the tables of tasks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import orjson
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.engine import Row

from backstage_py.plugins.scaffolder.errors import TaskNotFoundError
from backstage_py.plugins.scaffolder.tasks.output import read_output
from backstage_py.plugins.scaffolder.tasks.spec import TaskSpec
from backstage_py.plugins.scaffolder.tasks.tables import LOG, STEP, TASK, to_moment, to_number
from backstage_py.plugins.scaffolder.tasks.task import (
    LogLevel,
    LogLine,
    StepStatus,
    Task,
    TaskStatus,
    TaskStep,
)

DONE: frozenset[StepStatus] = frozenset({"completed", "skipped"})


def find_task(connection: Connection, task_id: str) -> Row[Any]:
    """Find the row of a task.

    Raises:
        TaskNotFoundError: If there is none.
    """
    row = connection.execute(select(TASK).where(TASK.c.id == task_id)).first()
    if row is None:
        raise TaskNotFoundError(task_id)
    return row


def list_steps(connection: Connection, task_ids: Sequence[str]) -> dict[str, tuple[TaskStep, ...]]:
    """List the steps of some tasks, in their order."""
    query = select(STEP).where(STEP.c.task_id.in_(task_ids)).order_by(STEP.c.position)
    found: dict[str, tuple[TaskStep, ...]] = dict.fromkeys(task_ids, ())
    for row in connection.execute(query):
        found[row.task_id] = (*found[row.task_id], _read_step(row))
    return found


def read_task(row: Row[Any], steps: tuple[TaskStep, ...]) -> Task:
    """Read a task for showing it."""
    spec = TaskSpec.from_json(row.spec)
    return Task(
        id=row.id,
        status=row.status,
        template_ref=row.template_ref,
        template_title=row.template_title,
        created_by=row.created_by,
        created_at=cast("datetime", to_moment(row.created_at)),
        ended_at=to_moment(row.ended_at),
        values=spec.values,
        steps=steps,
        output=read_output(orjson.loads(row.output)),
        error=row.error,
        is_cancelling=row.is_cancelling,
        retry_problem=_find_retry_problem(row.status),
        needs_secrets=spec.secret_names,
    )


def read_line(row: Row[Any]) -> LogLine:
    """Read a line of a log."""
    at = cast("datetime", to_moment(row.at))
    return LogLine(row.id, at, row.step_id, row.level, row.message)


def update_task(connection: Connection, task_id: str, **values: Any) -> None:
    """Change a task."""
    connection.execute(update(TASK).where(TASK.c.id == task_id).values(values))


def update_claimed(connection: Connection, task_id: str, owner: str, **values: Any) -> bool:
    """Change a task if a run still has it; tells whether it has."""
    owned = (TASK.c.id == task_id) & (TASK.c.claim == owner)
    return connection.execute(update(TASK).where(owned).values(values)).rowcount > 0


def update_steps(
    connection: Connection, task_id: str, positions: Iterable[int], **values: Any
) -> None:
    """Change steps of a task."""
    these = (STEP.c.task_id == task_id) & STEP.c.position.in_(list(positions))
    connection.execute(update(STEP).where(these).values(values))


def reopen_steps(connection: Connection, task_id: str, positions: Iterable[int]) -> None:
    """Reset steps of a task."""
    reopened = {"status": "open", "started_at": None, "ended_at": None}
    update_steps(connection, task_id, positions, **reopened)


def add_line(
    connection: Connection,
    task_id: str,
    message: str,
    *,
    now: datetime,
    step_id: str = "",
    level: LogLevel = "info",
) -> None:
    """Add a line to a log."""
    line = {"task_id": task_id, "at": to_number(now), "step_id": step_id}
    connection.execute(insert(LOG), [{**line, "level": level, "message": message}])


def write_json(value: Mapping[str, Any]) -> str:
    """Write the text of a JSON column."""
    return orjson.dumps(value).decode()


def _read_step(row: Row[Any]) -> TaskStep:
    return TaskStep(
        id=row.step_id,
        name=row.name,
        action=row.action,
        status=row.status,
        started_at=to_moment(row.started_at),
        ended_at=to_moment(row.ended_at),
    )


def _find_retry_problem(status: TaskStatus) -> str:
    if status in {"failed", "cancelled"}:
        return ""
    return "it is completed" if status == "completed" else "it has not ended yet"
