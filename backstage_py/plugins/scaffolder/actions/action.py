"""The definition of actions: a description for people, and a function that runs.

Your own action is an `Action`, passed to `Scaffolder.register_action`; see
docs/software-templates.md. Source of the idea: `createTemplateAction` of Backstage.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from backstage_py.plugins.scaffolder.expressions.renderer import Renderer
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.tasks.task import LogLevel
from backstage_py.plugins.scaffolder.tasks.workspace import Workspace
from backstage_py.plugins.scaffolder.templates.source import TemplateSource


@dataclass(frozen=True, slots=True)
class Requester:
    """The user who started a task, and their entity in the catalog's wire form."""

    ref: str
    entity: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class ActionContext:
    """The context that an action gets.

    `input` is rendered and valid. `source` reads files beside the template. `wait` waits some
    seconds and raises `TaskCancelledError` as soon as the task is cancelled; a long action calls it
    now and then with 0. In a dry run an action must change nothing outside the workspace.
    """

    input: Mapping[str, Any]
    workspace: Workspace
    write_log: Callable[[LogLevel, str], None]
    source: TemplateSource
    renderer: Renderer
    requester: Requester
    task_id: str
    template_ref: str
    wait: Callable[[float], None]
    is_dry_run: bool = False

    def log(self, message: str) -> None:
        """Write to the task's log what was done; secrets are masked.

        The counterpart of `ctx.logger.info` in Backstage's actions.
        """
        self.write_log("info", message)

    def warn(self, message: str) -> None:
        """Write a warning to the task's log; secrets are masked."""
        self.write_log("warning", message)

    def text(self, key: str, default: str = "") -> str:
        """Return a text of the input."""
        value = self.input.get(key, default)
        return value if isinstance(value, str) else default


@dataclass(frozen=True, slots=True)
class Action:
    """An installed action.

    `run` returns the outputs, and raises `ActionError` with a message for people; any other
    exception also fails the step, and is logged. `reaches_out`: it changes something outside the
    workspace, so a step that has run must not run again.
    """

    about: InstalledAction
    run: Callable[[ActionContext], Mapping[str, Any] | None]
    reaches_out: bool = False

    @property
    def id(self) -> str:
        """The id that steps name."""
        return self.about.id
