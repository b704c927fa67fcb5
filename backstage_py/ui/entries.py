"""The keys and values of an event, as pages list them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A key of the attributes or the context, with its value as JSON."""

    key: str
    value: str


def build_entries(values: Mapping[str, Any]) -> list[Entry]:
    """The entries of attributes or of a context."""
    return [Entry(key, json.dumps(value, ensure_ascii=False)) for key, value in values.items()]
