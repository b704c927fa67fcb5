"""Runs one claimed task from its current step to its end."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import Clock
from backstage_py.plugins.catalog.api import Entity
from backstage_py.plugins.scaffolder.actions.installed import ActionRegistry
from backstage_py.plugins.scaffolder.errors import TaskCancelledError
from backstage_py.plugins.scaffolder.expressions.renderer import Renderer
from backstage_py.plugins.scaffolder.settings import NO_ENVIRONMENT, Environment
from backstage_py.plugins.scaffolder.tasks.checkpoints import Checkpoints
from backstage_py.plugins.scaffolder.tasks.claims import ClaimedTask, RunAbandonedError, TaskClaims
from backstage_py.plugins.scaffolder.tasks.rows import DONE
from backstage_py.plugins.scaffolder.tasks.run import Run, RunResult
from backstage_py.plugins.scaffolder.tasks.spec import TaskSpec
from backstage_py.plugins.scaffolder.tasks.store import TaskStore
from backstage_py.plugins.scaffolder.tasks.task import LogLevel, StepStatus, TaskStatus
from backstage_py.plugins.scaffolder.tasks.workspace import Workspace
from backstage_py.plugins.scaffolder.templates.reader import read_template
from backstage_py.plugins.scaffolder.templates.source import TemplateSource
from backstage_py.plugins.scaffolder.templates.template import Template

MAX_ATTEMPTS = 3
"""How often a step is started that ends only because the portal stops."""
ASK_SECONDS = 0.5
"""How often a running step asks whether the task is cancelled."""

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TaskRunner:
    """Runs tasks; usable from any thread."""

    store: TaskStore
    claims: TaskClaims
    checkpoints: Checkpoints
    actions: ActionRegistry
    open_source: Callable[[Entity], TemplateSource]
    open_renderer: Callable[[], AbstractContextManager[Renderer]]
    now: Clock
    note_end: Callable[[str, TaskSpec, TaskStatus], None]
    environment: Environment = NO_ENVIRONMENT
    hidden: Sequence[str] = ()

    def run(self, task: ClaimedTask, stopping: threading.Event) -> None:
        """Run a task to its end, or until the process stops; then another one continues.

        Raises:
            RunAbandonedError: If the run ended before the task did.
            sqlalchemy.exc.SQLAlchemyError: If the database does not respond.
        """
        template = read_template(task.spec.template)
        if task.attempts > MAX_ATTEMPTS:
            message = (
                f"the step was begun {MAX_ATTEMPTS} times and never ended; see the portal's log"
            )
            self._finish(task, self._fail(task, message))
            return
        work = self._open_work(task)
        if isinstance(work, RunResult):
            self._finish(task, work)
            return
        folder, first = work
        try:
            self._finish(task, self._run(task, template, folder, first, stopping))
        finally:
            self.checkpoints.close(folder)

    def _run(
        self,
        task: ClaimedTask,
        template: Template,
        folder: Path,
        first: int,
        stopping: threading.Event,
    ) -> RunResult:
        outputs = dict(task.outputs) if first else {}
        watch = _Watch(self.claims, task, stopping)
        with self.open_renderer() as renderer:
            return Run(
                task_id=task.id,
                template=template,
                spec=task.spec,
                secrets=task.secrets,
                actions=self.actions,
                renderer=renderer,
                source=self.open_source(task.spec.template),
                workspace=Workspace(folder),
                journal=_TaskJournal(self, task, folder, outputs),
                wait=watch.wait,
                environment=self.environment,
                hidden=self.hidden,
                first=first,
                outputs=outputs,
            ).run()

    def _open_work(self, task: ClaimedTask) -> tuple[Path, int] | RunResult:
        """Make the working folder, and return the first step; or the reason why it cannot."""
        folder = self.checkpoints.open(task.id, task.claim, done=task.done)
        if folder is not None:
            if task.done or task.attempts > 1:
                self._log(task, "info", "The task goes on from its first step that is not done")
            return folder, task.done
        lasting = self._find_lasting_step(task)
        if lasting:
            message = (
                f"the files of the task are gone, and its step {lasting} has changed things "
                "outside already; start over"
            )
            return self._fail(task, message)
        self._log(task, "warning", "The files of the task are gone, so it starts again")
        self.claims.restart(task)
        fresh = self.checkpoints.open(task.id, task.claim, done=0)
        assert fresh is not None
        return fresh, 0

    def _find_lasting_step(self, task: ClaimedTask) -> str:
        for step in task.steps[: task.done]:
            action = self.actions.find(step.action)
            if step.status == "completed" and (action is None or action.reaches_out):
                return step.name
        return ""

    def _fail(self, task: ClaimedTask, message: str) -> RunResult:
        self._log(task, "error", message)
        position = min(task.done, len(task.steps) - 1)
        if position >= 0:
            now = self.now()
            self.claims.end_step(task, position, "failed", outputs=task.outputs, now=now)
        return RunResult("failed", message)

    def _finish(self, task: ClaimedTask, result: RunResult) -> None:
        is_ours = self.claims.finish(
            task, result.status, error=result.error, output=result.output, now=self.now()
        )
        if not is_ours:
            return
        if result.status == "completed":
            self.checkpoints.forget(task.id)
        self.note_end(task.id, task.spec, result.status)

    def _log(self, task: ClaimedTask, level: LogLevel, message: str) -> None:
        self.store.log(task.id, "", level, message, now=self.now())


@dataclass(slots=True)
class _TaskJournal:
    """Stores the progress of a run; the files first, so that they exist when the database says so.

    Once a step has failed, no more files are saved: a retry continues from before that step.
    """

    runner: TaskRunner
    task: ClaimedTask
    work: Path
    outputs: Mapping[str, Mapping[str, Any]]
    has_failed: bool = False

    def log(self, step_id: str, level: LogLevel, message: str) -> None:
        """Log a line; if the database refuses it, the run continues."""
        try:
            self.runner.store.log(self.task.id, step_id, level, message, now=self.runner.now())
        except SQLAlchemyError as error:
            _logger.warning("A line of the log of %s is lost: %s", self.task.id, error)

    def begin_step(self, position: int) -> None:
        self.runner.claims.begin_step(self.task, position, now=self.runner.now())

    def end_step(self, position: int, status: StepStatus) -> None:
        checkpoints, done = self.runner.checkpoints, position + 1
        self.has_failed |= status == "failed"
        is_kept = status in DONE and not self.has_failed
        if is_kept:
            checkpoints.keep(self.task.id, self.work, done=done)
        self.runner.claims.end_step(
            self.task, position, status, outputs=self.outputs, now=self.runner.now()
        )
        if is_kept:
            checkpoints.forget_others(self.task.id, done=done)

    def is_cancelled(self) -> bool:
        return self.runner.claims.is_cancelling(self.task)


@dataclass(slots=True)
class _Watch:
    """Waits for a step, and checks meanwhile whether it has to stop."""

    claims: TaskClaims
    task: ClaimedTask
    stopping: threading.Event
    asked_at: float = field(default=float("-inf"))

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while True:
            self._ask()
            left = until - time.monotonic()
            if left <= 0:
                return
            self.stopping.wait(min(left, ASK_SECONDS))

    def _ask(self) -> None:
        if self.stopping.is_set():
            raise RunAbandonedError(self.task.id)
        if time.monotonic() - self.asked_at < ASK_SECONDS:
            return
        self.asked_at = time.monotonic()
        if self.claims.is_cancelling(self.task):
            raise TaskCancelledError(self.task.id)
