"""Checking specs against the JSON Schemas beside this module."""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft7Validator, ValidationError

from backstage_py.plugins.catalog.errors import MISSING, ProcessingError, show_value

_FOLDER = Path(__file__).parent


def check_schema(name: str, spec: Mapping[str, Any]) -> Iterator[ProcessingError]:
    """Return the errors of a spec; an error of a missing field names that field."""
    for error in _validator(name).iter_errors(spec):
        yield _explain(error)


@functools.cache
def _validator(name: str) -> Draft7Validator:
    return Draft7Validator(json.loads((_FOLDER / name).read_text(encoding="utf-8")))


def _explain(error: ValidationError) -> ProcessingError:
    field = "spec" + "".join(
        f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path
    )
    facts = error.kind.as_dict()
    match error.kind.name:
        case "required":
            missing = f"{field}.{facts['property']}"
            return ProcessingError("is required", missing, show_value(MISSING))
        case "minLength":
            rule = "must be a string that is not empty"
        case "type":
            rule = f"must be {_list_types(facts)} (quote numbers and booleans to make them text)"
        case _:
            rule = error.message
    return ProcessingError(rule, field, show_value(error.instance))


def _list_types(facts: Mapping[str, Any]) -> str:
    types = facts.get("types") or [facts["type"]]
    return " or ".join(f"of type {one}" for one in types)
