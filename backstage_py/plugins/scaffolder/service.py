"""Everything the software templates can do, without a browser and without a page."""

import functools
from collections.abc import Collection, Mapping
from typing import Any

from backstage_py.plugins.scaffolder.errors import (
    ActionError,
    ExpressionError,
    FieldError,
    InvalidValuesError,
    NotAllowedError,
    ScaffolderError,
    TaskNotFoundError,
    TaskStateError,
    TemplateError,
    TemplateNotFoundError,
)
from backstage_py.plugins.scaffolder.installed_action import ActionExample, InstalledAction
from backstage_py.plugins.scaffolder.task import (
    DryRun,
    DryRunFile,
    LogLine,
    OutputLink,
    OutputText,
    Task,
    TaskOutput,
    TaskPage,
    TaskStatus,
    TaskStep,
)
from backstage_py.plugins.scaffolder.template import (
    ButtonLabels,
    FormPage,
    Template,
    TemplateFacets,
    TemplateFilter,
    TemplateLink,
    TemplateStep,
)

__all__ = [
    "ActionError",
    "ActionExample",
    "ButtonLabels",
    "DryRun",
    "DryRunFile",
    "ExpressionError",
    "FieldError",
    "FormPage",
    "InstalledAction",
    "InvalidValuesError",
    "LogLine",
    "NotAllowedError",
    "OutputLink",
    "OutputText",
    "Scaffolder",
    "ScaffolderError",
    "Task",
    "TaskNotFoundError",
    "TaskOutput",
    "TaskPage",
    "TaskStateError",
    "TaskStatus",
    "TaskStep",
    "Template",
    "TemplateError",
    "TemplateFacets",
    "TemplateFilter",
    "TemplateLink",
    "TemplateNotFoundError",
    "TemplateStep",
    "create_subject",
    "get_scaffolder",
]

DEFAULT_LIMIT = 20
LOG_LIMIT = 1_000


class Scaffolder:
    """The templates of the catalog, and their tasks; usable from any thread.

    What reads or writes tasks raises `sqlalchemy.exc.SQLAlchemyError` if the database does not
    answer.
    """

    def start(self) -> None:
        """Begin to run tasks in the background; in the process that serves."""
        raise NotImplementedError

    def stop(self) -> None:
        """Take on no more tasks, and give up the running ones for another process to resume."""
        raise NotImplementedError

    def list_templates(self, template_filter: TemplateFilter | None = None) -> tuple[Template, ...]:
        """List the templates a filter lets through, by title."""
        raise NotImplementedError

    def facets(self) -> TemplateFacets:
        """Count what there is to filter templates by."""
        raise NotImplementedError

    def get_template(self, entity_ref: str, *, flags: Collection[str] = ()) -> Template:
        """Get a template; `flags` are the feature flags that are on for who asks.

        Raises:
            TemplateNotFoundError: There is none.
        """
        raise NotImplementedError

    def parse_template(self, text: str) -> Template:
        """Read a template from YAML, for the editor.

        Raises:
            TemplateError: It is none.
        """
        raise NotImplementedError

    def validate_page(
        self, template: Template, page: int, values: Mapping[str, Any]
    ) -> tuple[FieldError, ...]:
        """Check what was filled in on one page, which counts from 0."""
        raise NotImplementedError

    def validate(self, template: Template, values: Mapping[str, Any]) -> tuple[FieldError, ...]:
        """Check what was filled in on all pages."""
        raise NotImplementedError

    def create_task(
        self,
        template_ref: str,
        values: Mapping[str, Any],
        *,
        user: str | None,
        secrets: Mapping[str, str] | None = None,
    ) -> str:
        """Accept a task and give its id; it begins in the background.

        Args:
            template_ref: The template.
            values: What was filled in, of all pages in one mapping, without secrets.
            user: The entity ref of who wants it, as the server knows it.
            secrets: Texts for the steps' inputs; they are forgotten when the task ends.

        Raises:
            TemplateNotFoundError: There is no such template.
            TemplateError: The template cannot be run.
            InvalidValuesError: The form does not take the values.
            NotAllowedError: Nobody is signed in.
        """
        raise NotImplementedError

    def dry_run(
        self,
        template: Template,
        values: Mapping[str, Any],
        *,
        user: str | None,
        secrets: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> DryRun:
        """Run a template aside, with nothing published, registered or sent; waits for the end.

        Args:
            template: One of the catalog, or one of the editor.
            values: What was filled in.
            user: Who wants it.
            secrets: As for `create_task`.
            files: The files beside the template, by relative path; None means those it was read
                with.

        Raises:
            InvalidValuesError: The form does not take the values.
            NotAllowedError: Nobody is signed in.
        """
        raise NotImplementedError

    def get_task(self, task_id: str) -> Task:
        """Get a task.

        Raises:
            TaskNotFoundError: There is none.
        """
        raise NotImplementedError

    def list_tasks(
        self,
        *,
        created_by: str | None = None,
        status: TaskStatus | None = None,
        offset: int = 0,
        limit: int = DEFAULT_LIMIT,
    ) -> TaskPage:
        """List tasks, the newest first: those of one user, or of all."""
        raise NotImplementedError

    def read_log(
        self, task_id: str, *, after: int = 0, limit: int = LOG_LIMIT
    ) -> tuple[LogLine, ...]:
        """Read the log of a task on from a line's id, in order.

        Raises:
            TaskNotFoundError: There is no such task.
        """
        raise NotImplementedError

    def cancel(self, task_id: str, *, user: str | None) -> None:
        """Ask a task to stop: between two steps, or where a step waits.

        Raises:
            TaskNotFoundError: There is no such task.
            TaskStateError: It has ended.
            NotAllowedError: It is another user's.
        """
        raise NotImplementedError

    def retry(
        self, task_id: str, *, user: str | None, secrets: Mapping[str, str] | None = None
    ) -> None:
        """Run a task on from the step that failed or was cancelled, with the same values.

        Raises:
            TaskNotFoundError: There is no such task.
            TaskStateError: It has not ended, is completed, or needs secrets that are not given.
            NotAllowedError: It is another user's.
        """
        raise NotImplementedError

    def list_actions(self) -> tuple[InstalledAction, ...]:
        """List the actions that templates may use here, by id."""
        raise NotImplementedError


@functools.cache
def get_scaffolder() -> Scaffolder:
    """The software templates of this process."""
    return Scaffolder()


def create_subject(template: Template, values: Mapping[str, Any]) -> str:
    """Name what a task makes, for the event `create`: the form's `name`, else `new {template}`.

    The `value` of the event is `template.minutes_saved`.
    Source: `useAnalytics` in `TemplateWizardPage` of `@backstage/plugin-scaffolder`.
    """
    name = values.get("name")
    return name if isinstance(name, str) and name else f"new {template.name}"
