"""Splits a page of a template's form into the two schemas of the form library.

Templates write the look of a field inside its JSON Schema, as `ui:field`; the library needs them
separate. Source: `extractSchemaFromStep` of `@backstage/plugin-scaffolder-react`.
"""

from collections.abc import Callable, Mapping
from typing import Any

_UI = "ui:"
_ENUM_NAMES = "enumNames"
_LISTS = ("anyOf", "oneOf", "allOf")


def split_schema(written: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the JSON Schema and the uiSchema of a page; `written` is not changed."""
    ui_schema: dict[str, Any] = {}
    schema = _split(written, ui_schema)
    schema.setdefault("type", "object")
    for name in ("title", "description"):
        schema.pop(name, None)
    return schema, ui_schema


def _split(written: Mapping[str, Any], ui_schema: dict[str, Any]) -> dict[str, Any]:
    """Copy a schema without its `ui:` keys, which are moved to `ui_schema`."""
    schema: dict[str, Any] = {}
    for key, value in written.items():
        if key.startswith(_UI):
            ui_schema[key] = value
        elif key == _ENUM_NAMES:  # the library has moved it from the schema to the uiSchema
            ui_schema[f"{_UI}{key}"] = value
        else:
            schema[key] = _split_part(key, value, ui_schema)
    return schema


def _split_part(key: str, value: Any, ui_schema: dict[str, Any]) -> Any:
    if key in _LISTS and isinstance(value, list):
        return [_split_any(one, ui_schema) for one in value]
    if not isinstance(value, Mapping):
        return value
    if key in _INNER:
        return _INNER[key](value, ui_schema)
    return value


def _split_any(value: Any, ui_schema: dict[str, Any]) -> Any:
    """Split a branch: its keys count as written in the schema that it belongs to."""
    return _split(value, ui_schema) if isinstance(value, Mapping) else value


def _split_branches(branches: Mapping[str, Any], ui_schema: dict[str, Any]) -> dict[str, Any]:
    return {name: _split_any(one, ui_schema) for name, one in branches.items()}


def _split_items(items: Mapping[str, Any], ui_schema: dict[str, Any]) -> dict[str, Any]:
    return _split(items, ui_schema.setdefault("items", {}))


def _split_properties(properties: Mapping[str, Any], ui_schema: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _split_any(one, ui_schema.setdefault(name, {})) for name, one in properties.items()
    }


_INNER: Mapping[str, Callable[[Mapping[str, Any], dict[str, Any]], dict[str, Any]]] = {
    "dependencies": _split_branches,
    "else": _split,
    "items": _split_items,
    "properties": _split_properties,
    "then": _split,
}
