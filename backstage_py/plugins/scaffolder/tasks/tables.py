"""The tables of tasks; times are in milliseconds since 1970."""

import contextlib
import re
from collections.abc import Callable, Generator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import BigInteger, Connection, Engine, Text
from sqlmodel import Field

from backstage_py.storage import Database, OwnTable, table_of

_MIGRATIONS = Path(__file__).parents[1] / "migrations"
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


class TaskRow(OwnTable, table=True):
    """A task. `spec`, `secrets`, `outputs` (of its steps) and `output` (its own) are JSON.

    `claim` names the run that has it, until `lease_until`; `attempts` counts the runs since a step
    was last done.
    """

    __tablename__ = "scaffolder_task"  # pyright: ignore[reportAssignmentType]

    id: str = Field(primary_key=True)
    status: str
    template_ref: str
    template_title: str
    created_by: str
    created_at: int = Field(sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)
    spec: str = Field(sa_type=Text)
    secrets: str | None = Field(default=None, sa_type=Text)
    outputs: str = Field(default="{}", sa_type=Text)
    output: str = Field(default="{}", sa_type=Text)
    error: str = Field(default="", sa_type=Text)
    is_cancelling: bool = False
    claim: str | None = None
    lease_until: int = Field(default=0, sa_type=BigInteger)
    attempts: int = 0
    log_characters: int = Field(default=0, sa_type=BigInteger)


class StepRow(OwnTable, table=True):
    """A step of a task."""

    __tablename__ = "scaffolder_step"  # pyright: ignore[reportAssignmentType]

    task_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    step_id: str
    name: str
    action: str
    status: str = "open"
    started_at: int | None = Field(default=None, sa_type=BigInteger)
    ended_at: int | None = Field(default=None, sa_type=BigInteger)


class LogRow(OwnTable, table=True):
    """A line of a task's log."""

    __tablename__ = "scaffolder_log"  # pyright: ignore[reportAssignmentType]

    id: int | None = Field(default=None, primary_key=True, sa_type=BigInteger)
    task_id: str
    at: int = Field(sa_type=BigInteger)
    step_id: str
    level: str
    message: str = Field(sa_type=Text)


TASK = table_of(TaskRow)
STEP = table_of(StepRow)
LOG = table_of(LogRow)


TASK_CHANGED = "scaffolder-task"
"""The topic of signals about tasks; the key is the id of one."""
OnChange = Callable[[str], None]
"""Called with the id of a task after a change of it is committed."""


@contextlib.contextmanager
def changing(database: Database, task_id: str, on_change: OnChange) -> Generator[Connection]:
    """A transaction that changes a task, and calls `OnChange` after the commit."""
    with database.writing() as connection:
        yield connection
    on_change(task_id)


def open_database(engine: Engine) -> Database:
    """Open the tables of tasks."""
    return Database(engine, name="scaffolder", migrations=_MIGRATIONS)


def clean(text: str) -> str:
    """Remove characters that databases cannot store."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def to_number(moment: datetime) -> int:
    """Convert a time to the tables' number."""
    return int(moment.timestamp() * 1000)


def to_moment(number: int | None) -> datetime | None:
    """Convert a number of the tables to a time."""
    return None if number is None else datetime.fromtimestamp(number / 1000, UTC)
