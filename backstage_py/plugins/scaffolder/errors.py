"""The errors of software templates; every message is for people.

ScaffolderError
├── TemplateNotFoundError   no template has this reference
├── TemplateError           a template cannot be read or run as it is written
│   └── SyntaxTemplateError it is not valid YAML
├── InvalidValuesError      values that the template's form does not take
├── ExpressionError         an expression or a skeleton file cannot be rendered
├── WorkspaceError          a path leads out of the workspace, or it holds too much
├── ActionError             a step cannot do what it should
│   └── UnknownActionError  no installed action has such an id
├── TaskCancelledError      the task was cancelled while a step waited
├── TaskNotFoundError       no task has this id
├── TaskStateError          the task is not in a state for this
└── NotAllowedError         somebody else's task, or nobody is signed in
"""

from collections.abc import Sequence
from dataclasses import dataclass


class ScaffolderError(Exception):
    """Anything the software templates raise."""


class TemplateNotFoundError(ScaffolderError):
    """No template has this reference."""

    def __init__(self, entity_ref: str) -> None:
        super().__init__(f"{entity_ref} is not a template of the catalog")
        self.entity_ref = entity_ref


class TemplateError(ScaffolderError):
    """A template cannot be read or run as it is written."""


class SyntaxTemplateError(TemplateError):
    """A template is not valid YAML; `line` counts from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


@dataclass(frozen=True, slots=True)
class FieldError:
    """The problem of a value; `page` counts from 0, `path` is the path of the field.

    For a missing field it is the field's own path; an empty path means the whole page.
    """

    page: int
    path: tuple[str | int, ...]
    message: str

    @property
    def field(self) -> str:
        """The path as one string, such as `repository.branch`."""
        return ".".join(map(str, self.path))


class InvalidValuesError(ScaffolderError):
    """Values that the template's form does not take."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{one.field or 'form'}: {one.message}" for one in errors))
        self.errors = tuple(errors)


class ExpressionError(ScaffolderError):
    """An expression or a skeleton file cannot be rendered."""


class WorkspaceError(ScaffolderError):
    """A path leads out of the workspace, or the workspace holds too much."""


class ActionError(ScaffolderError):
    """A step cannot do what it should."""


class UnknownActionError(ActionError):
    """No installed actions have these ids."""

    def __init__(self, *action_ids: str) -> None:
        listed = ", ".join(action_ids)
        what = f"the action {listed} is" if len(action_ids) == 1 else f"the actions {listed} are"
        super().__init__(
            f"{what} not installed in this portal; "
            "see the installed actions, or ask the template's owner"
        )
        self.action_ids = action_ids


class TaskCancelledError(ScaffolderError):
    """The task was cancelled while a step waited."""


class TaskNotFoundError(ScaffolderError):
    """No task has this id."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"there is no task {task_id}")
        self.task_id = task_id


class TaskStateError(ScaffolderError):
    """The task is not in a state for this; the message says what to do instead."""


class NotAllowedError(ScaffolderError):
    """Somebody else's task, or nobody is signed in."""
