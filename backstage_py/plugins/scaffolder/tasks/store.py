"""Tasks in the database: for people to list, read, cancel and retry."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, or_, select

from backstage_py.plugins.scaffolder.errors import TaskStateError
from backstage_py.plugins.scaffolder.tasks.rows import (
    DONE,
    add_line,
    find_task,
    list_steps,
    read_line,
    read_task,
    reopen_steps,
    update_steps,
    update_task,
    write_json,
)
from backstage_py.plugins.scaffolder.tasks.spec import TaskSpec
from backstage_py.plugins.scaffolder.tasks.tables import (
    LOG,
    STEP,
    TASK,
    OnChange,
    TaskRow,
    changing,
    clean,
    to_number,
)
from backstage_py.plugins.scaffolder.tasks.task import (
    ENDED,
    LogLevel,
    LogLine,
    Task,
    TaskPage,
    TaskStatus,
)
from backstage_py.plugins.scaffolder.templates.template import Template
from backstage_py.storage import Database

MAX_LINE = 20_000
"""The maximum length of a log line; the rest is cut off."""
MAX_LOG = 4_000_000
"""The maximum length of a task's log; later lines are not stored."""

_FULL = "The log is full; what is said from here on is not kept"


class TaskStore:
    """The tasks; usable from any thread.

    Every method raises `sqlalchemy.exc.SQLAlchemyError` if the database does not answer.
    """

    def __init__(self, database: Database, on_change: OnChange = lambda _task_id: None) -> None:
        self._database = database
        self._on_change = on_change

    def add(
        self,
        task_id: str,
        template: Template,
        spec: TaskSpec,
        *,
        secrets: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Add a task."""
        steps = [
            {
                "task_id": task_id,
                "position": position,
                "step_id": clean(step.id),
                "name": clean(step.name),
                "action": clean(step.action),
                "status": "open",
            }
            for position, step in enumerate(template.steps)
        ]
        task = TaskRow(
            id=task_id,
            status="open",
            template_ref=template.entity_ref,
            template_title=clean(template.title),
            created_by=spec.requester.ref,
            created_at=to_number(now),
            spec=spec.to_json(),
            secrets=write_json(secrets) if secrets else None,
        )
        with changing(self._database, task_id, self._on_change) as connection:
            connection.execute(insert(TASK), [task.model_dump()])
            if steps:
                connection.execute(insert(STEP), steps)

    def get(self, task_id: str) -> Task:
        """Get a task.

        Raises:
            TaskNotFoundError: If there is none.
        """
        with self._database.reading() as connection:
            row = find_task(connection, task_id)
            return read_task(row, list_steps(connection, [task_id])[task_id])

    def list_creators(self) -> list[str]:
        """List the users who have started tasks."""
        query = select(TASK.c.created_by).distinct()
        with self._database.reading() as connection:
            return [one for one in connection.execute(query).scalars() if one]

    def list(
        self,
        *,
        creators: Sequence[str] | None,
        status: TaskStatus | None,
        offset: int,
        limit: int,
    ) -> TaskPage:
        """List tasks, the newest first: those of some users, or of all."""
        conditions: Sequence[ColumnElement[bool]] = (
            *(() if creators is None else (TASK.c.created_by.in_(creators),)),
            *(() if status is None else (TASK.c.status == status,)),
        )
        count = select(func.count()).select_from(TASK).where(*conditions)
        query = (
            select(TASK)
            .where(*conditions)
            .order_by(TASK.c.created_at.desc(), TASK.c.id)
            .offset(offset)
            .limit(limit)
        )
        with self._database.reading() as connection:
            total = connection.execute(count).scalar_one()
            rows = connection.execute(query).all()
            steps = list_steps(connection, [row.id for row in rows])
        return TaskPage(tuple(read_task(row, steps[row.id]) for row in rows), total)

    def read_log(self, task_id: str, *, after: int, limit: int) -> tuple[LogLine, ...]:
        """Read the log of a task on from a line.

        Raises:
            TaskNotFoundError: If there is no such task.
        """
        query = (
            select(LOG)
            .where(LOG.c.task_id == task_id, LOG.c.id > after)
            .order_by(LOG.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            find_task(connection, task_id)
            return tuple(map(read_line, connection.execute(query)))

    def log(
        self, task_id: str, step_id: str, level: LogLevel, message: str, *, now: datetime
    ) -> None:
        """Add a line to a log, if there is room for it."""
        text = clean(message)[:MAX_LINE]
        with changing(self._database, task_id, self._on_change) as connection:
            used = find_task(connection, task_id).log_characters
            if used > MAX_LOG:
                return
            if used + len(text) > MAX_LOG:
                add_line(connection, task_id, _FULL, now=now, level="warning")
                used = MAX_LOG
            else:
                add_line(connection, task_id, text, now=now, step_id=step_id, level=level)
            update_task(connection, task_id, log_characters=used + len(text) + 1)

    def cancel(self, task_id: str, *, now: datetime) -> bool:
        """Cancel a waiting task, or request it if it runs; returns whether it has ended.

        Raises:
            TaskNotFoundError: If there is no such task.
            TaskStateError: If it has already ended.
        """
        with changing(self._database, task_id, self._on_change) as connection:
            status = find_task(connection, task_id).status
            if status in ENDED:
                raise TaskStateError(f"the task has ended already: it is {status}")
            if status == "processing":
                update_task(connection, task_id, is_cancelling=True)
                return False
            moment = to_number(now)
            steps = list_steps(connection, [task_id])[task_id]
            undone = [number for number, one in enumerate(steps) if one.status not in DONE]
            update_steps(connection, task_id, undone, status="cancelled", ended_at=moment)
            update_task(connection, task_id, status="cancelled", ended_at=moment, secrets=None)
            add_line(connection, task_id, "The task was cancelled", now=now, level="warning")
            return True

    def retry(self, task_id: str, *, secrets: Mapping[str, str], now: datetime) -> None:
        """Reopen a task from its first unfinished step.

        Raises:
            TaskNotFoundError: If there is no such task.
            TaskStateError: If it has not failed.
        """
        with changing(self._database, task_id, self._on_change) as connection:
            task = read_task(find_task(connection, task_id), ())
            if task.retry_problem:
                raise TaskStateError(f"the task cannot be retried: {task.retry_problem}")
            steps = list_steps(connection, [task_id])[task_id]
            done = next(
                (number for number, one in enumerate(steps) if one.status not in DONE), len(steps)
            )
            reopen_steps(connection, task_id, range(done, len(steps)))
            update_task(
                connection,
                task_id,
                status="open",
                error="",
                ended_at=None,
                attempts=0,
                is_cancelling=False,
                secrets=write_json(secrets) if secrets else None,
            )
            add_line(connection, task_id, "The task is retried", now=now)

    def read_spec(self, task_id: str) -> TaskSpec:
        """Return the specification of a task.

        Raises:
            TaskNotFoundError: If there is no such task.
        """
        with self._database.reading() as connection:
            return TaskSpec.from_json(find_task(connection, task_id).spec)

    def list_forgettable(self, task_ids: Sequence[str], *, before: datetime) -> set[str]:
        """List those of some tasks that are completed, ended before a time, or are unknown."""
        needed = or_(TASK.c.ended_at.is_(None), TASK.c.ended_at >= to_number(before))
        query = select(TASK.c.id).where(
            TASK.c.id.in_(task_ids), TASK.c.status != "completed", needed
        )
        with self._database.reading() as connection:
            return set(task_ids) - set(connection.execute(query).scalars())
