"""Checks values against JSON Schemas of templates and actions.

The schema's author is not trusted: patterns have a time limit, and no schema is fetched from
elsewhere. Draft 7, which is what Backstage's forms are written in.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from jsonschema_rs import Draft7Validator, FancyRegexOptions, ValidationError

MAX_BACKTRACKING = 100_000
_DISCRIMINATING = {"enum", "const", "type", "not"}
_ALTERNATIVES = {"oneOf", "anyOf"}

_WORDS = {
    "minLength": "must have at least {limit} characters",
    "maxLength": "must have at most {limit} characters",
    "pattern": "must match the pattern {pattern}",
    "minItems": "must have at least {limit} entries",
    "maxItems": "must have at most {limit} entries",
}

Problem = tuple[tuple[str | int, ...], str]
"""The path of a field, and the problem with its value."""


class SchemaError(ValueError):
    """A schema that cannot be used."""


def list_problems(schema: Mapping[str, Any], value: Any) -> list[Problem]:
    """List the problems of a value; for a missing field, the path is that of the field.

    Raises:
        SchemaError: If the schema is wrong.
    """
    try:
        validator = Draft7Validator(
            dict(schema),
            validate_formats=True,
            retriever=_refuse_reference,
            pattern_options=FancyRegexOptions(backtrack_limit=MAX_BACKTRACKING),
        )
        errors = list(validator.iter_errors(value))
    except (ValidationError, ValueError, RecursionError) as error:
        message = getattr(error, "message", None) or str(error)
        raise SchemaError(str(message).partition("\n")[0]) from error
    problems = [problem for error in errors for problem in _explain(error, schema)]
    return list(dict.fromkeys(problems))


def _explain(error: ValidationError, schema: Mapping[str, Any]) -> Iterator[Problem]:
    kind = error.kind.name
    branches = getattr(error.kind, "context", None) if kind in _ALTERNATIVES else None
    if branches:
        yield from _explain_alternatives(error, branches, schema)
        return
    path = tuple(error.instance_path)
    facts = error.kind.as_dict()
    if kind == "required":
        yield (*path, facts["property"]), "is required"
        return
    yield path, _find_own_message(error, schema) or _word(kind, facts) or str(error.message)


def _explain_alternatives(
    error: ValidationError, branches: list[list[ValidationError]], schema: Mapping[str, Any]
) -> Iterator[Problem]:
    """Find the problems of the chosen alternative; the choice is a value of a list or a type."""
    chosen = [
        branch for branch in branches if not any(_is_other_choice(one, error) for one in branch)
    ]
    if len(chosen) == 1:
        for one in chosen[0]:
            yield from _explain(one, schema)
        return
    yield tuple(error.instance_path), "fits none of the alternatives of the form"


def _is_other_choice(one: ValidationError, error: ValidationError) -> bool:
    is_near = len(one.instance_path) <= len(error.instance_path) + 1
    return is_near and one.kind.name in _DISCRIMINATING


def _word(kind: str, facts: Mapping[str, Any]) -> str:
    if "error" in facts:
        return f"cannot be checked: {facts['error']}"
    if kind == "enum":
        return f"must be one of {', '.join(map(str, facts.get('options') or ()))}"
    if kind == "minLength" and facts.get("limit") == 1:
        return "must not be empty"
    return _WORDS.get(kind, "").format(**facts)


def _find_own_message(error: ValidationError, schema: Mapping[str, Any]) -> str:
    """Find the schema's own `errorMessage`, as in ajv-errors."""
    part: Any = schema
    for step in list(error.schema_path)[:-1]:
        try:
            part = part[step]
        except (KeyError, IndexError, TypeError):
            return ""
    own = part.get("errorMessage") if isinstance(part, Mapping) else None
    if isinstance(own, Mapping):
        own = own.get(error.kind.name)
    return own if isinstance(own, str) else ""


def _refuse_reference(uri: str) -> NoReturn:
    raise ValueError(f"$ref: {uri} is not read; write the schema in the template itself")
