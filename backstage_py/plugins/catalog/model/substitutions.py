"""Placeholders: an object with the one key `$text`, `$json`, `$yaml`, `$openapi` or `$asyncapi`.

It is replaced by the content of another file. From `PlaceholderProcessor` of Backstage 1.54.
Objects with more keys, and other keys with a dollar such as a schema's `$ref`, are left alone.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from backstage_py.plugins.catalog.errors import DescriptorError, ProcessingError, show_value
from backstage_py.plugins.catalog.model.api_definitions import bundle
from backstage_py.plugins.catalog.model.formats import NON_EMPTY_TEXT
from backstage_py.plugins.catalog.model.yaml_documents import MAX_DEPTH, parse_documents

ReadTarget = Callable[[str], str]
"""Gives the text at a path relative to the descriptor, or raises `DescriptorError`."""


def substitute(
    value: Any, read_target: ReadTarget, path: str = ""
) -> tuple[Any, list[ProcessingError]]:
    """Replace every placeholder; one that cannot be read stays as it is and is reported."""
    if is_placeholder(value):
        return _resolve(value, read_target, path)
    errors: list[ProcessingError] = []

    def descend(item: Any, item_path: str) -> Any:
        result, found = substitute(item, read_target, item_path)
        errors.extend(found)
        return result

    if isinstance(value, dict):
        prefix = f"{path}." if path else ""
        value = {key: descend(item, f"{prefix}{key}") for key, item in value.items()}
    elif isinstance(value, list):
        value = [descend(item, f"{path}[{index}]") for index, item in enumerate(value)]
    return value, errors


def is_placeholder(value: Any) -> bool:
    """Tell whether a value is a placeholder for a file's content."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    [key] = value
    return key in _PARSERS or key in _BUNDLED


def has_placeholder(value: Any) -> bool:
    """Tell whether a placeholder is left anywhere in a value."""
    if isinstance(value, list):
        return any(map(has_placeholder, value))
    if isinstance(value, dict):
        return is_placeholder(value) or any(map(has_placeholder, value.values()))
    return False


def _resolve(
    placeholder: dict[str, Any], read_target: ReadTarget, path: str
) -> tuple[Any, list[ProcessingError]]:
    [(key, target)] = placeholder.items()
    try:
        if not NON_EMPTY_TEXT.accepts(target):
            raise _refuse("must be a path", target)
        if key in _BUNDLED:
            return bundle(target, read_target, _parse_yaml), []
        return _PARSERS[key](read_target(target), target), []
    except DescriptorError as error:
        return placeholder, [replace(error.error, field=f"{path}.{key}")]


def _parse_text(text: str, _target: str) -> str:
    return text


def _parse_json(text: str, target: str) -> Any:
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise _refuse(f"the file must be valid JSON: {error}", target) from error
    if _is_deeper_than(MAX_DEPTH, value):
        raise _refuse(f"must not be nested more than {MAX_DEPTH} levels deep", target)
    return value


def _is_deeper_than(levels: int, value: Any) -> bool:
    if levels < 0:
        return True
    children = value.values() if isinstance(value, dict) else value
    return isinstance(value, dict | list) and any(
        _is_deeper_than(levels - 1, child) for child in children
    )


def _parse_yaml(text: str, target: str) -> Any:
    documents = list(parse_documents(text))
    if len(documents) != 1:
        rule = f"the file must hold exactly one YAML document, not {len(documents)}"
        raise _refuse(rule, target)
    [document] = documents
    if isinstance(document, ProcessingError):
        raise _refuse(f"in line {document.line} of the file: {document.rule}", target)
    return document.value


_PARSERS: dict[str, Callable[[str, str], Any]] = {
    "$text": _parse_text,
    "$json": _parse_json,
    "$yaml": _parse_yaml,
}
_BUNDLED = frozenset({"$openapi", "$asyncapi"})


def _refuse(rule: str, target: Any) -> DescriptorError:
    return DescriptorError(ProcessingError(rule, value=show_value(target)))
