"""Reads templates from entities of the catalog."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from backstage_py.plugins.catalog.api import (
    DescriptorError,
    Entity,
    ProcessingError,
    YamlDocument,
    check_document,
    parse_documents,
)
from backstage_py.plugins.scaffolder.errors import SyntaxTemplateError, TemplateError
from backstage_py.plugins.scaffolder.tasks.time_saved import ANNOTATION, minutes_saved
from backstage_py.plugins.scaffolder.templates.form_fields import is_shown, without_fields
from backstage_py.plugins.scaffolder.templates.template import (
    API_VERSION,
    ButtonLabels,
    FormPage,
    Template,
    TemplateLink,
    TemplateStep,
)

RECOVERY = "EXPERIMENTAL_recovery"
STRATEGY = "EXPERIMENTAL_strategy"
MAX_STEPS = 200
MAX_CHARACTERS = 1_000_000
TEMPLATE_KIND = "template"


def read_template(entity: Entity, *, flags: Collection[str] = ()) -> Template:
    """Read a template; `problem` says what is wrong with it, and the rest is read anyway."""
    spec = entity.spec
    steps, problem = _read_steps(spec.get("steps"))
    if entity.api_version != API_VERSION:
        problem = f"apiVersion: {entity.api_version} cannot be run here; write {API_VERSION}"
    return Template(
        entity_ref=entity.entity_ref,
        namespace=entity.namespace,
        name=entity.name,
        title=entity.title,
        description=entity.description,
        type=entity.type,
        tags=entity.tags,
        owner_refs=tuple(entity.list_targets("ownedBy")),
        links=tuple(TemplateLink(one.url, one.title, one.icon) for one in entity.links),
        pages=_read_pages(spec.get("parameters"), entity.title, flags),
        button_labels=_read_labels(spec.get("presentation")),
        steps=steps,
        output=_read_mapping(spec.get("output")),
        minutes_saved=minutes_saved(entity.annotations.get(ANNOTATION)),
        can_start_over=_read_mapping(spec.get(RECOVERY)).get(STRATEGY) == "startOver",
        problem=problem,
    )


def parse_entity(text: str, files: Mapping[str, bytes] | None = None) -> Entity:
    """Read the entity of a template from YAML, by the rules of the catalog.

    Args:
        text: A descriptor; its first template counts.
        files: The files beside it, by relative path, for placeholders such as `$yaml`.

    Raises:
        TemplateError: It is not a template; the message names the first line that is wrong.
    """
    document = find_document(text)
    value, errors = check_document(document, read_beside(files or {}))
    for error in errors:
        raise TemplateError(f"line {error.line}: {describe(error)}")
    return build_entity(value)


def find_document(text: str) -> YamlDocument:
    """Find the document of a text that is a template, else the first document.

    Raises:
        TemplateError: There is none, or what comes before it is not valid YAML.
    """
    if len(text) > MAX_CHARACTERS:
        raise TemplateError(f"a template has at most {MAX_CHARACTERS} characters")
    first: YamlDocument | None = None
    for document in parse_documents(text):
        if isinstance(document, ProcessingError):
            raise SyntaxTemplateError(document.line or 1, describe(document))
        if _is_template(document.value):
            return document
        first = first or document
    if first is None:
        raise TemplateError("there is no template in this file yet")
    return first


def describe(error: ProcessingError) -> str:
    """Say what is wrong without the place, which is shown beside it."""
    return replace(error, file="", line=None).message


def read_beside(files: Mapping[str, bytes]) -> Callable[[str], str]:
    """Return a reader of the files that placeholders of a template name."""
    by_path = {PurePosixPath(path).as_posix(): content for path, content in files.items()}

    def read(target: str) -> str:
        content = by_path.get(PurePosixPath(target).as_posix())
        if content is None:
            rule = "is not among the opened files; open the folder of the template"
            raise DescriptorError(ProcessingError(rule, value=target))
        return content.decode(errors="replace")

    return read


def _is_template(value: Any) -> bool:
    return isinstance(value, Mapping) and str(value.get("kind")).lower() == TEMPLATE_KIND


def build_entity(written: Any) -> Entity:
    """Build the entity of a template that is not in the catalog.

    Raises:
        TemplateError: If it is not one.
    """
    if not isinstance(written, Mapping):
        raise TemplateError("a template must be one object, with apiVersion, kind and metadata")
    kind, metadata, spec = written.get("kind"), written.get("metadata"), written.get("spec")
    if str(kind).lower() != TEMPLATE_KIND:
        raise TemplateError(f"kind: must be Template (got {str(kind)[:80]})")
    if not isinstance(metadata, Mapping) or not isinstance(metadata.get("name"), str):
        raise TemplateError("metadata.name: must be a text")
    if not isinstance(spec, Mapping):
        raise TemplateError("spec: must be an object")
    return Entity(str(written.get("apiVersion")), "Template", metadata, spec)


def _read_pages(written: Any, title: str, flags: Collection[str]) -> tuple[FormPage, ...]:
    pages = written if isinstance(written, list) else [written]
    return tuple(
        FormPage(
            title=_read_text(page.get("title")) or title,
            description=_read_text(page.get("description")),
            schema=without_fields(page, lambda field: is_shown(field, flags)),
        )
        for page in pages
        if isinstance(page, Mapping) and is_shown(page, flags)
    )


def _read_steps(written: Any) -> tuple[tuple[TemplateStep, ...], str]:
    if not isinstance(written, list) or len(written) > MAX_STEPS:
        return (), f"spec.steps: must be a list of at most {MAX_STEPS} steps"
    steps: list[TemplateStep] = []
    for number, step in enumerate(written, 1):
        if not isinstance(step, Mapping) or not isinstance(step.get("action"), str):
            return (), f"spec.steps[{number - 1}]: must be an object that names an action"
        steps.append(_read_step(step, number))
    return tuple(steps), ""


def _read_step(step: Mapping[str, Any], number: int) -> TemplateStep:
    return TemplateStep(
        id=_read_text(step.get("id")) or f"step-{number}",
        name=_read_text(step.get("name")) or step["action"],
        action=step["action"],
        input=_read_mapping(step.get("input")),
        if_=step.get("if", True),
        each=step.get("each"),
    )


def _read_labels(presentation: Any) -> ButtonLabels:
    labels = _read_mapping(_read_mapping(presentation).get("buttonLabels"))
    default = ButtonLabels()
    return ButtonLabels(
        back=_read_text(labels.get("backButtonText")) or default.back,
        review=_read_text(labels.get("reviewButtonText")) or default.review,
        create=_read_text(labels.get("createButtonText")) or default.create,
    )


def _read_mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _read_text(value: Any) -> str:
    return value if isinstance(value, str) else ""
