"""Runs the steps of a template, one after the other.

After a failure only steps run whose condition asks for it: `always()` or `failure()`.

Source of the rules: `NunjucksWorkflowRunner` of `@backstage/plugin-scaffolder-backend`.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import orjson
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.plugins.scaffolder.actions.action import Action, ActionContext
from backstage_py.plugins.scaffolder.actions.installed import ActionRegistry
from backstage_py.plugins.scaffolder.errors import (
    ActionError,
    ScaffolderError,
    TaskCancelledError,
    UnknownActionError,
)
from backstage_py.plugins.scaffolder.expressions.renderer import Renderer
from backstage_py.plugins.scaffolder.settings import NO_ENVIRONMENT, Environment
from backstage_py.plugins.scaffolder.tasks.claims import RunAbandonedError
from backstage_py.plugins.scaffolder.tasks.example_output import make_example
from backstage_py.plugins.scaffolder.tasks.output import is_true, read_output
from backstage_py.plugins.scaffolder.tasks.redaction import Redaction
from backstage_py.plugins.scaffolder.tasks.spec import TaskSpec
from backstage_py.plugins.scaffolder.tasks.task import LogLevel, StepStatus, TaskOutput, TaskStatus
from backstage_py.plugins.scaffolder.tasks.workspace import Workspace
from backstage_py.plugins.scaffolder.templates.json_schema import SchemaError, list_problems
from backstage_py.plugins.scaffolder.templates.source import TemplateSource
from backstage_py.plugins.scaffolder.templates.template import Template, TemplateStep

MAX_EACH = 1_000
MAX_OUTPUT_BYTES = 4 * 1024 * 1024
"""The maximum size of a step's output, and of the template's own, as JSON."""
_PORTAL_FAILURE = "the portal could not do it"

_logger = logging.getLogger(__name__)


class Journal(Protocol):
    """The journal of a run while it is in progress."""

    def log(self, step_id: str, level: LogLevel, message: str) -> None:
        """Add a line to the log."""
        ...

    def begin_step(self, position: int) -> None:
        """Note that a step begins."""
        ...

    def end_step(self, position: int, status: StepStatus) -> None:
        """Record how a step ended; its output is already among the run's outputs."""
        ...

    def is_cancelled(self) -> bool:
        """Whether the task is to stop."""
        ...


@dataclass(frozen=True, slots=True)
class RunResult:
    """The result of a run."""

    status: TaskStatus
    error: str = ""
    output: TaskOutput = field(default_factory=TaskOutput)


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a template, from its step at the position `first`.

    `outputs` are those of the steps before it, by their ids; `environment` is the owner's, and so
    are the `hidden` texts, which no log shows. `wait` waits some seconds, and raises what ends a
    run from outside.
    """

    task_id: str
    template: Template
    spec: TaskSpec
    secrets: Mapping[str, str]
    actions: ActionRegistry
    renderer: Renderer
    source: TemplateSource
    workspace: Workspace
    journal: Journal
    wait: Callable[[float], None]
    environment: Environment = NO_ENVIRONMENT
    hidden: Sequence[str] = ()
    first: int = 0
    outputs: dict[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    is_dry_run: bool = False

    def run(self) -> RunResult:
        """Run the steps, and return the result.

        Raises:
            RunAbandonedError: If the run has to end here, for another one to continue.
            sqlalchemy.exc.SQLAlchemyError: If the database does not respond.
        """
        own = [*self.environment.secret_texts.values(), *self.hidden]
        redaction = Redaction([*self.secrets.values(), *own])
        steps = self.template.steps
        missing = self._find_missing_actions()
        if missing:
            position = min(missing)
            journal = _StepJournal(self.journal, steps[position], position, redaction)
            error = UnknownActionError(*dict.fromkeys(missing.values()))
            return RunResult("failed", journal.fail(f"{steps[position].name}: {error}"))
        failures: list[str] = []
        for position, step in enumerate(steps[self.first :], self.first):
            journal = _StepJournal(self.journal, step, position, redaction)
            if self.journal.is_cancelled():
                return self._end_cancelled(position)
            try:
                self._run_step(step, journal, failed=bool(failures))
            except (RunAbandonedError, SQLAlchemyError):
                raise
            except TaskCancelledError:
                return self._end_cancelled(position)
            except ScaffolderError as error:
                failures.append(journal.fail(f"{step.name}: {error}"))
            except Exception as error:
                _logger.exception("Task %s fails in the step %s", self.task_id, step.id)
                message = f"{step.name}: {_PORTAL_FAILURE}: {type(error).__name__}: {error}"
                failures.append(journal.fail(message))
        if failures:
            return RunResult("failed", failures[0])
        return RunResult("completed", output=self._render_output(redaction))

    def _find_missing_actions(self) -> Mapping[int, str]:
        """Find missing actions that are certainly needed, so that nothing is started in vain."""
        return {
            position: step.action
            for position, step in enumerate(self.template.steps)
            if position >= self.first and step.if_ is True and not self.actions.find(step.action)
        }

    def _end_cancelled(self, position: int) -> RunResult:
        for later in range(position, len(self.template.steps)):
            self.journal.end_step(later, "cancelled")
        self.journal.log("", "warning", "The task was cancelled")
        return RunResult("cancelled")

    def _run_step(self, step: TemplateStep, journal: "_StepJournal", *, failed: bool) -> None:
        condition = None
        if step.each is None or failed:
            condition = self.renderer.render_condition(step.if_, self._context(), failed=failed)
        if failed and not (condition and condition.is_status_asked):
            return
        journal.begin()
        if condition and step.each is None and not is_true(condition.value):
            self._skip(step, journal)
            return
        action = self.actions.get(step.action)
        output = (
            self._run_action(step, action, journal, self._context())
            if step.each is None
            else self._run_each(step, action, journal, failed=failed)
        )
        _require_sane_output(output)
        self.outputs[step.id] = output
        journal.log("info", f"Finished {step.name}")
        journal.end("completed")

    def _skip(self, step: TemplateStep, journal: "_StepJournal") -> None:
        journal.log("info", f"Skipped {step.name}, because its condition is false")
        self.outputs[step.id] = {}
        journal.end("skipped")

    def _run_each(
        self, step: TemplateStep, action: Action, journal: "_StepJournal", *, failed: bool
    ) -> Mapping[str, Any]:
        entries = _list_entries(self.renderer.render(step.each, self._context(with_secrets=True)))
        contexts = [
            context
            for context in (
                {**self._context(), "each": {"key": key, "value": value}} for key, value in entries
            )
            if self._is_wanted(step, context, journal, failed=failed)
        ]
        for context in contexts:
            self._render_input(step, action, journal, context)
        lists: dict[str, list[Any]] = {}
        for context in contexts:
            self.wait(0)
            for name, value in self._run_action(step, action, journal, context).items():
                lists.setdefault(name, []).append(value)
        return lists

    def _is_wanted(
        self,
        step: TemplateStep,
        context: Mapping[str, Any],
        journal: "_StepJournal",
        *,
        failed: bool,
    ) -> bool:
        is_wanted = is_true(self.renderer.render_condition(step.if_, context, failed=failed).value)
        if not is_wanted:
            key = context["each"]["key"]
            journal.log("info", f"Skipped {step.name} for {key}, because its condition is false")
        return is_wanted

    def _run_action(
        self,
        step: TemplateStep,
        action: Action,
        journal: "_StepJournal",
        context: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        given = self._render_input(step, action, journal, context)
        if self.is_dry_run and not action.about.supports_dry_run:
            journal.log("info", f"Left out in a dry run: {action.id}")
            example = make_example(action.about.output_schema)
            return example if isinstance(example, Mapping) else {}
        output = action.run(
            ActionContext(
                input=given,
                workspace=self.workspace,
                write_log=journal.log,
                source=self.source,
                renderer=self.renderer,
                requester=self.spec.requester,
                task_id=self.task_id,
                template_ref=self.template.entity_ref,
                wait=self.wait,
                is_dry_run=self.is_dry_run,
            )
        )
        return output or {}

    def _render_input(
        self,
        step: TemplateStep,
        action: Action,
        journal: "_StepJournal",
        context: Mapping[str, Any],
    ) -> Mapping[str, Any]:
        visible = {**self._context(with_secrets=True), **_each_of(context)}
        given = self.renderer.render(step.input, visible, journal.warn_unrendered)
        try:
            problems = list_problems(action.about.input_schema, given)
        except SchemaError as error:
            raise ActionError(f"the input's schema of {action.id} is wrong: {error}") from error
        if problems:
            listed = "; ".join(
                f"input.{'.'.join(map(str, path))} {message}".replace("input. ", "input ")
                for path, message in problems
            )
            raise ActionError(f"{action.id}: {listed}")
        return given

    def _render_output(self, redaction: Redaction) -> TaskOutput:
        """Render the template's output; a text that cannot be rendered affects no others."""
        rendered = self.renderer.render(
            self.template.output,
            self._context(),
            lambda problem: self._warn_of_output(redaction.hide(problem)),
        )
        wanted = rendered if isinstance(rendered, Mapping) else {}
        selected = {key: _select(one) for key, one in wanted.items()}
        try:
            _require_sane_output(selected)
        except ActionError as error:
            self._warn_of_output(redaction.hide(str(error)))
            return TaskOutput()
        return read_output(redaction.hide_all(selected))

    def _warn_of_output(self, problem: str) -> None:
        self.journal.log("", "warning", f"output: {problem}")

    def _context(self, *, with_secrets: bool = False) -> dict[str, Any]:
        requester, environment = self.spec.requester, self.environment
        secrets = environment.secret_texts if with_secrets else {}
        context = {
            "parameters": self.spec.values,
            "environment": {"parameters": environment.parameters, "secrets": secrets},
            "steps": {step_id: {"output": output} for step_id, output in self.outputs.items()},
            "user": {"ref": requester.ref, "entity": requester.entity},
            "context": {"task": {"id": self.task_id}},
        }
        return {**context, "secrets": self.secrets} if with_secrets else context


@dataclass(frozen=True, slots=True)
class _StepJournal:
    """The journal of one step; secrets are removed."""

    journal: Journal
    step: TemplateStep
    position: int
    redaction: Redaction

    def begin(self) -> None:
        self.journal.begin_step(self.position)
        self.log("info", f"Beginning step {self.step.name}")

    def log(self, level: LogLevel, message: str) -> None:
        self.journal.log(self.step.id, level, self.redaction.hide(message))

    def end(self, status: StepStatus) -> None:
        self.journal.end_step(self.position, status)

    def warn_unrendered(self, problem: str) -> None:
        self.log("warning", f"input stays as it is written: {problem}")

    def fail(self, message: str) -> str:
        self.log("error", message)
        self.end("failed")
        return self.redaction.hide(message)


def _each_of(context: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"each": context["each"]} if "each" in context else {}


def _select(items: Any) -> Any:
    """Leave out the links and texts whose condition is false."""
    if not isinstance(items, list):
        return items
    return [one for one in items if not isinstance(one, Mapping) or is_true(one.get("if", True))]


def _require_sane_output(output: Mapping[str, Any]) -> None:
    try:
        size = len(orjson.dumps(output))
    except (orjson.JSONEncodeError, RecursionError) as error:
        raise ActionError(f"the outputs of the action are not JSON: {error}") from error
    if size > MAX_OUTPUT_BYTES:
        raise ActionError(f"the outputs of the action have more than {MAX_OUTPUT_BYTES} bytes")


def _list_entries(rendered: Any) -> Sequence[tuple[str, Any]]:
    if isinstance(rendered, list):
        entries = [(str(index), one) for index, one in enumerate(rendered)]
    elif isinstance(rendered, Mapping):
        entries = list(rendered.items())
    else:
        raise ActionError("each: must give a list or an object")
    if len(entries) > MAX_EACH:
        raise ActionError(f"each: gives more than {MAX_EACH} entries")
    return entries
