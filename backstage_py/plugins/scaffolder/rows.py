"""The rows of the software templates' pages: flat, typed, ready for the browser."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zlib import crc32

from backstage_py.plugins.catalog.api import CatalogReader, EntityRef, title_of
from backstage_py.plugins.scaffolder.errors import FieldError
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.routes import SELECTED_TEMPLATE, TASK
from backstage_py.plugins.scaffolder.tasks.task import (
    DryRun,
    LogLine,
    OutputLink,
    OutputText,
    Task,
    TaskOutput,
    TaskStep,
)
from backstage_py.plugins.scaffolder.templates.checking import TemplateProblem
from backstage_py.plugins.scaffolder.templates.form_schema import split_schema
from backstage_py.plugins.scaffolder.templates.template import Template

HUES = 6
"""The number of colours of cards' headers."""
SHORT_ID = 8
"""The length of a task's id in its row."""
UNTITLED_PAGE = "Please enter the following information"


@dataclass(frozen=True)
class OwnerChip:
    """An owner: its name, and the path of its page."""

    title: str
    path: str


@dataclass(frozen=True)
class LinkRow:
    """A link beside a template's description."""

    title: str
    url: str


@dataclass(frozen=True)
class TemplateCard:
    """A template of the list; `hue` is the number of its type's colour."""

    ref: str
    title: str
    description: str
    type: str
    path: str
    entity_path: str
    hue: int
    problem: str
    is_starred: bool
    tags: list[str] = field(default_factory=list)
    owners: list[OwnerChip] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """A filter's value."""

    value: str
    text: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class FormPageRow:
    """A page of a form, split for the form library."""

    title: str
    description: str
    schema: dict[str, Any]
    ui_schema: dict[str, Any]


@dataclass(frozen=True)
class LabelRow:
    """The labels of a form's buttons."""

    back_text: str = "Back"
    review_text: str = "Review"
    create_text: str = "Create"


@dataclass(frozen=True)
class ProblemRow:
    """The problem of a value; `path` is that of its field on the page."""

    page: int
    path: list[str]
    message: str


@dataclass(frozen=True)
class EditorProblemRow:
    """What is wrong with a template in the editor; `line` counts from 1."""

    line: int
    message: str
    is_warning: bool


@dataclass(frozen=True)
class WizardRow:
    """A template that is being filled in."""

    ref: str = ""
    title: str = ""
    description: str = ""
    type: str = ""
    problem: str = ""
    pages: list[FormPageRow] = field(default_factory=list)
    labels: LabelRow = field(default_factory=LabelRow)
    owners: list[OwnerChip] = field(default_factory=list)


@dataclass(frozen=True)
class StepRow:
    """A step of a task, and its duration."""

    id: str
    name: str
    action: str
    status: str
    elapsed: str


@dataclass(frozen=True)
class OutputLinkRow:
    """A link of a task's output."""

    title: str
    url: str
    is_entity: bool


@dataclass(frozen=True)
class OutputTextRow:
    """A Markdown text of a task's output."""

    title: str
    content: str


@dataclass(frozen=True)
class LineRow:
    """A line of a log."""

    id: int
    time: str
    step: str
    level: str
    message: str


@dataclass(frozen=True)
class FileRow:
    """A file made by a dry run."""

    path: str
    text: str
    note: str


@dataclass(frozen=True)
class TaskRow:
    """A task of the list; `short_id` distinguishes it for people."""

    id: str
    short_id: str
    path: str
    template: str
    created: str
    owner: OwnerChip
    status: str


@dataclass(frozen=True)
class TaskDetails:
    """A task, as its page shows it."""

    id: str = ""
    template_ref: str = ""
    template_title: str = ""
    status: str = ""
    created: str = ""
    owner: OwnerChip = field(default_factory=lambda: OwnerChip("", ""))
    error: str = ""
    retry_problem: str = ""
    is_cancelling: bool = False
    has_ended: bool = False
    done: int = 0
    steps: list[StepRow] = field(default_factory=list)
    links: list[OutputLinkRow] = field(default_factory=list)
    texts: list[OutputTextRow] = field(default_factory=list)
    needed_secrets: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DryRunRow:
    """The result of a dry run."""

    error: str = ""
    steps: list[StepRow] = field(default_factory=list)
    files: list[FileRow] = field(default_factory=list)
    log: list[LineRow] = field(default_factory=list)
    links: list[OutputLinkRow] = field(default_factory=list)
    texts: list[OutputTextRow] = field(default_factory=list)


@dataclass(frozen=True)
class PropertyRow:
    """A property of an action's input or output."""

    name: str
    type: str
    description: str
    is_required: bool


@dataclass(frozen=True)
class ExampleRow:
    """An example step to copy."""

    description: str
    yaml: str


@dataclass(frozen=True)
class ActionRow:
    """An action that templates may use."""

    id: str
    description: str
    supports_dry_run: bool
    inputs: list[PropertyRow] = field(default_factory=list)
    outputs: list[PropertyRow] = field(default_factory=list)
    examples: list[ExampleRow] = field(default_factory=list)


def build_card(
    template: Template, *, catalog: CatalogReader, starred: Collection[str] = ()
) -> TemplateCard:
    """The card of a template for a reader of the catalog; `starred` are the refs of their stars."""
    return TemplateCard(
        ref=template.entity_ref,
        title=template.title,
        description=template.description,
        type=template.type,
        path=SELECTED_TEMPLATE.link(namespace=template.namespace, name=template.name),
        entity_path=EntityRef.parse(template.entity_ref).page_path,
        hue=crc32(template.type.casefold().encode()) % HUES,
        problem=template.problem,
        is_starred=template.entity_ref in starred,
        tags=list(template.tags),
        owners=build_owners(template.owner_refs, catalog),
        links=[LinkRow(one.title or one.url, one.url) for one in template.links],
    )


def build_owners(refs: Iterable[str], catalog: CatalogReader) -> list[OwnerChip]:
    """The links to owners, for a reader of the catalog."""
    return [build_owner(ref, catalog) for ref in refs]


def build_owner(ref: str, catalog: CatalogReader) -> OwnerChip:
    """The link to an owner or a user; one that the reader can't see is only named."""
    entity = catalog.find_by_ref(ref)
    return OwnerChip(title_of(catalog, ref), entity.ref.page_path if entity else "")


def build_choices(
    values: Iterable[tuple[str, int]], chosen: Collection[str], catalog: CatalogReader
) -> list[Choice]:
    """The choices of a filter, for a reader of the catalog."""
    taken = {value.casefold() for value in chosen}
    return [
        Choice(value, title_of(catalog, value), count, value.casefold() in taken)
        for value, count in values
    ]


def build_wizard(template: Template, catalog: CatalogReader) -> WizardRow:
    """The form of a template, for a reader of the catalog."""
    labels = template.button_labels
    return WizardRow(
        ref=template.entity_ref,
        title=template.title,
        description=template.description,
        type=template.type,
        problem=template.problem,
        pages=[
            FormPageRow(page.title or UNTITLED_PAGE, page.description, *split_schema(page.schema))
            for page in template.pages
        ],
        labels=LabelRow(labels.back, labels.review, labels.create),
        owners=build_owners(template.owner_refs, catalog),
    )


def build_editor_problems(problems: Iterable[TemplateProblem]) -> list[EditorProblemRow]:
    """What the editor is to say at its lines."""
    return [EditorProblemRow(one.line, one.message, one.is_warning) for one in problems]


def build_problems(errors: Sequence[FieldError]) -> list[ProblemRow]:
    """The problems for the form's fields, page by page."""
    rows = [ProblemRow(one.page, list(map(str, one.path)), one.message) for one in errors]
    return sorted(rows, key=lambda row: row.page)


def build_task(task: Task, catalog: CatalogReader, *, now: datetime) -> TaskDetails:
    """A task as its page shows it at this time to a reader of the catalog."""
    ended = sum(one.status not in {"open", "processing"} for one in task.steps)
    return TaskDetails(
        id=task.id,
        template_ref=task.template_ref,
        template_title=task.template_title,
        status=task.status,
        created=_write_time(task.created_at),
        owner=build_owner(task.created_by, catalog),
        error=task.error,
        retry_problem=task.retry_problem,
        is_cancelling=task.is_cancelling,
        has_ended=task.has_ended,
        done=round(100 * ended / len(task.steps)) if task.steps else 0,
        steps=build_steps(task.steps, now=now),
        links=build_links(task.output),
        texts=build_texts(task.output),
        needed_secrets=list(task.needs_secrets),
    )


def build_task_row(task: Task, catalog: CatalogReader) -> TaskRow:
    """A row of the task list, for a reader of the catalog."""
    return TaskRow(
        id=task.id,
        short_id=task.id[:SHORT_ID],
        path=TASK.link(id=task.id),
        template=task.template_title,
        created=_write_time(task.created_at),
        owner=build_owner(task.created_by, catalog),
        status=task.status,
    )


def build_steps(steps: Iterable[TaskStep], *, now: datetime) -> list[StepRow]:
    """The steps of a run."""
    return [
        StepRow(one.id, one.name, one.action, one.status, _write_elapsed(one, now)) for one in steps
    ]


def build_links(output: TaskOutput) -> list[OutputLinkRow]:
    """The links of a run's output, without broken ones."""
    rows = [_build_link(one) for one in output.links]
    return [row for row in rows if row is not None and row.url]


def build_texts(output: TaskOutput) -> list[OutputTextRow]:
    """The texts of a run's output."""
    return [_build_text(one) for one in output.texts]


def build_dry_run(run: DryRun, *, now: datetime) -> DryRunRow:
    """The result of a dry run at this time."""
    return DryRunRow(
        error=run.error,
        steps=build_steps(run.steps, now=now),
        files=[
            FileRow(one.path, one.text or "", "" if one.text is not None else f"{one.size} bytes")
            for one in run.files
        ],
        log=[_build_line(one) for one in run.log],
        links=build_links(run.output),
        texts=build_texts(run.output),
    )


def build_action(action: InstalledAction) -> ActionRow:
    """The row of an action's reference."""
    return ActionRow(
        id=action.id,
        description=action.description,
        supports_dry_run=action.supports_dry_run,
        inputs=list_properties(action.input_schema),
        outputs=list_properties(action.output_schema),
        examples=[ExampleRow(one.description, one.yaml) for one in action.examples],
    )


def list_properties(schema: Mapping[str, Any], prefix: str = "") -> list[PropertyRow]:
    """The properties of an object's schema, those of inner objects below them with a dot."""
    required = set(schema.get("required") or ())
    rows: list[PropertyRow] = []
    for name, inner in (schema.get("properties") or {}).items():
        rows.append(
            PropertyRow(f"{prefix}{name}", _name_type(inner), _describe(inner), name in required)
        )
        if inner.get("type") == "object":
            rows += list_properties(inner, f"{prefix}{name}.")
        elif isinstance(inner.get("items"), Mapping):
            rows += list_properties(inner["items"], f"{prefix}{name}[].")
    return rows


def matches(action: InstalledAction, text: str) -> bool:
    """Whether an action's id or description contains all words of a text."""
    place = f"{action.id} {action.description}".casefold()
    return all(word in place for word in text.casefold().split())


def _name_type(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    type_ = schema.get("type", "")
    if type_ == "array" and isinstance(schema.get("items"), Mapping):
        return f"{_name_type(schema['items'])}[]"
    return " | ".join(type_) if isinstance(type_, list) else str(type_) or "any"


def _describe(schema: Mapping[str, Any]) -> str:
    texts = (schema.get("title"), schema.get("description"))
    return ". ".join(dict.fromkeys(str(text).rstrip(".") for text in texts if text))


def _build_link(link: OutputLink) -> OutputLinkRow | None:
    if not link.entity_ref:
        return OutputLinkRow(link.title or link.url, link.url, is_entity=False)
    try:
        ref = EntityRef.parse(link.entity_ref)
    except ValueError:
        return None
    return OutputLinkRow(link.title or ref.humanize(), ref.page_path, is_entity=True)


def _build_text(text: OutputText) -> OutputTextRow:
    return OutputTextRow(text.title, text.content)


def _build_line(line: LogLine) -> LineRow:
    return LineRow(line.id, f"{line.at:%H:%M:%S}", line.step_id, line.level, line.message)


def _write_time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _write_elapsed(step: TaskStep, now: datetime) -> str:
    if step.started_at is None:
        return ""
    seconds = max(0.0, ((step.ended_at or now) - step.started_at).total_seconds())
    return write_duration(seconds)


_MINUTE, _HOUR = 60, 3600


def write_duration(seconds: float) -> str:
    """Format a duration, such as `0.4 s`, `12 s`, `3 min 5 s` or `2 h 10 min`."""
    if seconds < 1:
        return f"{seconds:.1f} s"
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
