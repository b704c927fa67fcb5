"""The tables of tasks; times are in milliseconds since 1970."""

import contextlib
import re
from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from sqlalchemy import BigInteger, Connection, Engine, Table, Text
from sqlmodel import Field

from backstage_py.analytics import OwnTable, begin_writing, migrate

_MIGRATIONS = Path(__file__).parents[1] / "migrations" / "versions"
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


TASK = cast("Table", TaskRow.__table__)  # pyright: ignore[reportAttributeAccessIssue]
STEP = cast("Table", StepRow.__table__)  # pyright: ignore[reportAttributeAccessIssue]
LOG = cast("Table", LogRow.__table__)  # pyright: ignore[reportAttributeAccessIssue]


class TaskDatabase:
    """Opens the database for the tables, which are there from the first time on."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_migrated = False

    @contextlib.contextmanager
    def reading(self) -> Generator[Connection]:
        """Give a connection to read with."""
        self._migrate()
        with self._engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Generator[Connection]:
        """Give a transaction that is the only one to write."""
        self._migrate()
        with begin_writing(self._engine) as connection:
            yield connection

    def _migrate(self) -> None:
        if not self._is_migrated:
            migrate(self._engine, versions=_MIGRATIONS, version_table="scaffolder_version")
            self._is_migrated = True


def clean(text: str) -> str:
    """Take out what no database stores."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def to_number(moment: datetime) -> int:
    """Write a moment as the tables do."""
    return int(moment.timestamp() * 1000)


def to_moment(number: int | None) -> datetime | None:
    """Read a moment of the tables."""
    return None if number is None else datetime.fromtimestamp(number / 1000, UTC)
