"""Dry runs of templates: the log is kept in memory, and the files are deleted at the end."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from backstage_py.analytics import Clock
from backstage_py.plugins.scaffolder.actions.installed import ActionRegistry
from backstage_py.plugins.scaffolder.actions.skeleton import is_binary
from backstage_py.plugins.scaffolder.expressions.renderer import Renderer
from backstage_py.plugins.scaffolder.settings import NO_ENVIRONMENT, Environment
from backstage_py.plugins.scaffolder.tasks.run import Run
from backstage_py.plugins.scaffolder.tasks.spec import TaskSpec
from backstage_py.plugins.scaffolder.tasks.task import (
    DryRun,
    DryRunFile,
    LogLevel,
    LogLine,
    StepStatus,
    TaskStep,
)
from backstage_py.plugins.scaffolder.tasks.workspace import Workspace
from backstage_py.plugins.scaffolder.templates.source import TemplateSource
from backstage_py.plugins.scaffolder.templates.template import Template

TASK_ID = "dry-run"
MAX_LINES = 2_000
MAX_SHOWN_BYTES = 200_000
"""The maximum size of a file; larger ones are listed without their text."""
MAX_FILES, MAX_BYTES = 2_000, 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DryRunner:
    """The parts that every dry run needs."""

    actions: ActionRegistry
    open_renderer: Callable[[], AbstractContextManager[Renderer]]
    now: Clock
    environment: Environment = NO_ENVIRONMENT
    hidden: Sequence[str] = ()

    def run(
        self,
        template: Template,
        spec: TaskSpec,
        *,
        secrets: Mapping[str, str],
        source: TemplateSource,
    ) -> DryRun:
        """Run a template without effects, and return what it did."""
        journal = _Memory(self.now, [TaskStep(s.id, s.name, s.action) for s in template.steps])
        with (
            tempfile.TemporaryDirectory(prefix="dry-run-") as folder,
            self.open_renderer() as renderer,
        ):
            workspace = Workspace(Path(folder), max_files=MAX_FILES, max_bytes=MAX_BYTES)
            result = Run(
                task_id=TASK_ID,
                template=template,
                spec=spec,
                secrets=secrets,
                actions=self.actions,
                renderer=renderer,
                source=source,
                workspace=workspace,
                journal=journal,
                wait=lambda _: None,
                environment=self.environment.without_secrets(),
                hidden=self.hidden,
                is_dry_run=True,
            ).run()
            files = tuple(
                _read_file(workspace, one.path, one.size) for one in workspace.list_files()
            )
        return DryRun(
            tuple(journal.steps), tuple(journal.lines), files, result.output, result.error
        )


@dataclass(slots=True)
class _Memory:
    """A journal in memory."""

    now: Callable[[], datetime]
    steps: list[TaskStep]
    lines: list[LogLine] = field(default_factory=list[LogLine])

    def log(self, step_id: str, level: LogLevel, message: str) -> None:
        if len(self.lines) < MAX_LINES:
            self.lines.append(LogLine(len(self.lines) + 1, self.now(), step_id, level, message))

    def begin_step(self, position: int) -> None:
        begun = replace(self.steps[position], status="processing", started_at=self.now())
        self.steps[position] = begun

    def end_step(self, position: int, status: StepStatus) -> None:
        self.steps[position] = replace(self.steps[position], status=status, ended_at=self.now())

    def is_cancelled(self) -> bool:
        return False


def _read_file(workspace: Workspace, path: str, size: int) -> DryRunFile:
    content = b"" if size > MAX_SHOWN_BYTES else workspace.read_bytes(path)
    is_text = size <= MAX_SHOWN_BYTES and not is_binary(content)
    return DryRunFile(path, size, content.decode() if is_text else None)
