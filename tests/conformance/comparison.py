"""The comparison that the scenario format asks for (its FORMAT.md, "Comparison")."""

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any

_KEYS = ("action", "subject", "value", "attributes", "context")


def compared(event: Mapping[str, Any]) -> dict[str, Any]:
    """The part of an event that is compared, internal context keys left out."""
    kept = {key: event[key] for key in _KEYS if key in event}
    kept["context"] = {k: v for k, v in event["context"].items() if not k.startswith("_")}
    return kept


def difference(
    expected: Sequence[Mapping[str, Any]], captured: Sequence[Mapping[str, Any]]
) -> str | None:
    """The difference between two lists of events, or None."""
    wanted, got = ([_line(compared(event)) for event in events] for events in (expected, captured))
    if wanted == got:
        return None
    return "\n".join(difflib.unified_diff(wanted, got, "expected", "captured", lineterm="", n=1))


def _line(event: dict[str, Any]) -> str:
    """One line per event in which equal values of a type are equal texts."""
    return json.dumps(_canonical(event), sort_keys=True, ensure_ascii=False)


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
