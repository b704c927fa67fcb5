"""Checks form values, page by page."""

from collections.abc import Mapping
from typing import Any

from backstage_py.plugins.scaffolder.errors import FieldError
from backstage_py.plugins.scaffolder.templates.form_fields import (
    is_secret,
    list_secrets,
    without_fields,
)
from backstage_py.plugins.scaffolder.templates.json_schema import SchemaError, list_problems
from backstage_py.plugins.scaffolder.templates.template import FormPage, Template

MAX_CHARACTERS = 1_000_000
"""The maximum length of all values together, as JSON."""


def check_page(page: FormPage, number: int, values: Mapping[str, Any]) -> list[FieldError]:
    """List the problems of a page, without secrets, which are not among the values."""
    schema = without_fields(page.schema, lambda field: not is_secret(field))
    try:
        problems = list_problems(schema, dict(values))
    except SchemaError as error:
        return [FieldError(number, (), f"the form of the template is wrong: {error}")]
    return [FieldError(number, path, message) for path, message in problems]


def check_all(template: Template, values: Mapping[str, Any]) -> list[FieldError]:
    """List the problems of all pages."""
    return [
        error
        for number, page in enumerate(template.pages)
        for error in check_page(page, number, values)
    ]


def check_secrets(template: Template, secrets: Mapping[str, str]) -> list[FieldError]:
    """List the secrets that are required and missing."""
    return [
        FieldError(number, (name,), "is required")
        for number, page in enumerate(template.pages)
        for name in sorted(list_secrets(page.schema))
        if name in page.schema.get("required", ()) and not secrets.get(name)
    ]
