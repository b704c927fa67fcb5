"""Checks a template while it is written: every mistake, with its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backstage_py.plugins.catalog.api import Entity, YamlDocument, check_document
from backstage_py.plugins.scaffolder.errors import SyntaxTemplateError, TemplateError
from backstage_py.plugins.scaffolder.installed_action import InstalledAction
from backstage_py.plugins.scaffolder.templates.json_schema import SchemaError, list_problems
from backstage_py.plugins.scaffolder.templates.reader import (
    describe,
    find_document,
    read_beside,
    read_template,
)
from backstage_py.plugins.scaffolder.templates.template import Template

MAX_PROBLEMS = 200
_EXPRESSIONS = ("${{", "{%")
_SHOWN_METADATA = ("name", "namespace", "title", "description", "annotations")


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """A problem of a template; `line` counts from 1.

    A warning is about something that may be right elsewhere, such as an action this portal lacks.
    """

    line: int
    message: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class CheckedTemplate:
    """The readable part of a template (None if there is none), and its problems by line."""

    template: Template | None
    problems: tuple[TemplateProblem, ...] = ()


def check_template(
    text: str, actions: Mapping[str, InstalledAction], files: Mapping[str, bytes] | None = None
) -> CheckedTemplate:
    """Check a template against the catalog's rules, the installed actions and JSON Schema.

    Args:
        text: The YAML.
        actions: The installed actions by id.
        files: The files beside the template, by relative path, for placeholders such as `$yaml`.
    """
    try:
        document = find_document(text)
    except SyntaxTemplateError as error:
        return CheckedTemplate(None, (TemplateProblem(error.line, error.problem),))
    except TemplateError as error:
        return CheckedTemplate(None, (TemplateProblem(1, str(error)),))
    value, errors = check_document(document, read_beside(files or {}))
    found = [TemplateProblem(one.line or 1, describe(one)) for one in errors]
    template = None
    spec = value.get("spec") if isinstance(value, Mapping) else None
    if isinstance(spec, Mapping):
        broken = {one.field.partition(".")[2].partition(".")[0] for one in errors}
        template = read_template(_build_shown(value, spec, broken))
        if template.problem and not found:
            field, _, rule = template.problem.partition(": ")
            found.append(TemplateProblem(document.find_line(field) or 1, f"{field}: {rule}"))
        found += _check_pages(spec, document)
        found += _check_steps(spec, document, actions)
    found.sort(key=lambda one: one.line)
    return CheckedTemplate(template, tuple(dict.fromkeys(found))[:MAX_PROBLEMS])


def _build_shown(value: Mapping[str, Any], spec: Mapping[str, Any], broken: set[str]) -> Entity:
    """Build the entity of a draft without invalid metadata, so that its form is shown."""
    written = value.get("metadata")
    metadata = {
        key: written[key]
        for key in _SHOWN_METADATA
        if isinstance(written, Mapping) and key in written and key not in broken
    }
    return Entity(str(value.get("apiVersion")), "Template", {"name": "template", **metadata}, spec)


def _check_pages(spec: Mapping[str, Any], document: YamlDocument) -> Iterator[TemplateProblem]:
    written = spec.get("parameters")
    is_list = isinstance(written, list)
    for index, page in enumerate(written if isinstance(written, list) else [written]):
        field = f"spec.parameters[{index}]" if is_list else "spec.parameters"
        if isinstance(page, Mapping):
            try:
                list_problems(page, {})
            except SchemaError as error:
                line = document.find_line(field) or 1
                yield TemplateProblem(line, f"{field}: the form cannot be used: {error}")


def _check_steps(
    spec: Mapping[str, Any], document: YamlDocument, actions: Mapping[str, InstalledAction]
) -> Iterator[TemplateProblem]:
    steps = spec.get("steps")
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        action_id = step.get("action") if isinstance(step, Mapping) else None
        if not isinstance(action_id, str) or _is_expression(action_id):
            continue
        field = f"spec.steps[{index}]"
        if action_id not in actions:
            line = document.find_line(f"{field}.action") or 1
            message = f"{field}.action: {action_id} is not installed in this portal"
            yield TemplateProblem(line, message, is_warning=True)
            continue
        given = step.get("input", {})
        for path, message, is_warning in _check_input(actions[action_id], given):
            place = f"{field}.input" + "".join(
                f"[{part}]" if isinstance(part, int) else f".{part}" for part in path
            )
            yield TemplateProblem(
                document.find_line(place) or 1, f"{place}: {message}", is_warning=is_warning
            )


def _check_input(
    action: InstalledAction, given: Any
) -> Iterator[tuple[tuple[str | int, ...], str, bool]]:
    """List the problems of an input as written; expressions may become anything."""
    try:
        problems = list_problems(action.input_schema, given)
    except SchemaError:
        return
    for path, message in problems:
        if not _is_expression(_value_at(given, path)):
            yield path, message, False
    known = action.input_schema.get("properties")
    if isinstance(known, Mapping) and isinstance(given, Mapping):
        for name in given.keys() - known.keys():
            if "additionalProperties" not in action.input_schema:
                listed = ", ".join(known) or "nothing"
                yield (str(name),), f"{action.id} does not know it; it takes {listed}", True


def _value_at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _is_expression(value: Any) -> bool:
    return isinstance(value, str) and any(mark in value for mark in _EXPRESSIONS)
