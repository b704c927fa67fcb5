"""Removes fields from a page of a form, anywhere in its schema."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

FEATURE_FLAG = "backstage:featureFlag"
SECRET_FIELD = "Secret"  # ruff: ignore[hardcoded-password-string] the name of a form field
_MAX_DEPTH = 50

Wanted = Callable[[Mapping[str, Any]], bool]


def without_fields(schema: Mapping[str, Any], is_wanted: Wanted) -> dict[str, Any]:
    """Return a schema without unwanted properties, which are no longer required either."""
    names = frozenset(_list_unwanted(schema, is_wanted, _MAX_DEPTH))
    return _prune(schema, names, is_wanted, _MAX_DEPTH) if names else dict(schema)


def list_secrets(schema: Mapping[str, Any]) -> frozenset[str]:
    """List the names of the fields whose values are secrets."""
    return frozenset(_list_unwanted(schema, lambda one: not is_secret(one), _MAX_DEPTH))


def is_secret(field: Mapping[str, Any]) -> bool:
    """Whether a field's value is a secret."""
    return field.get("ui:field") == SECRET_FIELD


def is_shown(part: Mapping[str, Any], flags: Collection[str]) -> bool:
    """Whether no feature flag hides a page or a field."""
    flag = part.get(FEATURE_FLAG)
    return flag is None or flag in flags


def _list_unwanted(part: Any, is_wanted: Wanted, depth: int) -> list[str]:
    if depth == 0:
        return []
    if isinstance(part, list):
        return [name for one in part for name in _list_unwanted(one, is_wanted, depth - 1)]
    if not isinstance(part, Mapping):
        return []
    properties = part.get("properties")
    own = [
        name
        for name, one in (properties.items() if isinstance(properties, Mapping) else ())
        if isinstance(one, Mapping) and not is_wanted(one)
    ]
    below = [name for one in part.values() for name in _list_unwanted(one, is_wanted, depth - 1)]
    return own + below


def _prune(part: Any, names: Collection[str], is_wanted: Wanted, depth: int) -> Any:
    if depth == 0 or not isinstance(part, Mapping | list):
        return part
    if isinstance(part, list):
        return [_prune(one, names, is_wanted, depth - 1) for one in part]
    pruned = {key: _prune(one, names, is_wanted, depth - 1) for key, one in part.items()}
    if isinstance(part.get("properties"), Mapping):
        pruned["properties"] = {
            name: one
            for name, one in pruned["properties"].items()
            if not isinstance(one, Mapping) or is_wanted(one)
        }
    if isinstance(part.get("required"), list):
        pruned["required"] = [name for name in part["required"] if name not in names]
    return pruned
