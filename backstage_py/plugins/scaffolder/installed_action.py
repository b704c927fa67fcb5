"""The reference of an installed action."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ActionExample:
    """An example to copy; `yaml` is a list of steps as in a template."""

    description: str
    yaml: str


@dataclass(frozen=True, slots=True)
class InstalledAction:
    """An action and its schemas (JSON Schema of objects); `description` is Markdown."""

    id: str
    description: str
    input_schema: Mapping[str, Any] = field(default_factory=dict[str, Any])
    output_schema: Mapping[str, Any] = field(default_factory=dict[str, Any])
    examples: tuple[ActionExample, ...] = ()
    supports_dry_run: bool = False
