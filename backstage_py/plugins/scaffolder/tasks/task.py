"""A task: one run of a template, as shown to people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

TaskStatus = Literal["open", "processing", "completed", "failed", "cancelled"]
StepStatus = Literal["open", "processing", "completed", "failed", "cancelled", "skipped"]
LogLevel = Literal["info", "warning", "error"]

ENDED: frozenset[TaskStatus] = frozenset({"completed", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class TaskStep:
    """A step of a task; the times are those of its last run."""

    id: str
    name: str
    action: str
    status: StepStatus = "open"
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OutputLink:
    """A link of a task's output: an http(s) URL or path, or an entity of the catalog."""

    title: str
    url: str = ""
    entity_ref: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class OutputText:
    """A Markdown text of a task's output."""

    title: str
    content: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class TaskOutput:
    """The output of a template."""

    links: tuple[OutputLink, ...] = ()
    texts: tuple[OutputText, ...] = ()
    others: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Task:
    """A run of a template.

    `values` are what was filled in, without secrets. `is_cancelling` is true from the request until
    the running step stops. `retry_problem` says why it cannot be retried; empty if it can.
    `needs_secrets` are the secrets that a retry needs again, since they are not stored.
    """

    id: str
    status: TaskStatus
    template_ref: str
    template_title: str
    created_by: str
    created_at: datetime
    ended_at: datetime | None = None
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    steps: tuple[TaskStep, ...] = ()
    output: TaskOutput = TaskOutput()
    error: str = ""
    is_cancelling: bool = False
    retry_problem: str = ""
    needs_secrets: tuple[str, ...] = ()

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen unless it is retried."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of the list of tasks, the newest first, and the total number."""

    items: tuple[Task, ...]
    total: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a task's log; `id` is the cursor to read on from, `step_id` may be empty."""

    id: int
    at: datetime
    step_id: str
    level: LogLevel
    message: str


@dataclass(frozen=True, slots=True)
class DryRunFile:
    """A file that a dry run left in its workspace; `text` is None if it is not text."""

    path: str
    size: int
    text: str | None


@dataclass(frozen=True, slots=True)
class DryRun:
    """The result of a dry run; `error` is empty if it finished."""

    steps: tuple[TaskStep, ...]
    log: tuple[LogLine, ...]
    files: tuple[DryRunFile, ...]
    output: TaskOutput
    error: str = ""
