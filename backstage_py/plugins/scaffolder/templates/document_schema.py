"""The JSON Schema of templates in this portal: the format, and the installed actions.

Editors complete with it, the portal's own and others: the YAML language server reads it from
`# yaml-language-server: $schema=...`.
"""

import functools
from collections.abc import Iterable
from copy import deepcopy
from importlib.resources import files
from typing import Any

import yaml

from backstage_py.plugins.scaffolder.installed_action import InstalledAction


def build_document_schema(actions: Iterable[InstalledAction]) -> dict[str, Any]:
    """Build the schema of a template whose steps may use these actions."""
    installed = list(actions)
    schema = deepcopy(_read_schema())
    step = schema["definitions"]["step"]
    step["properties"]["action"]["oneOf"] = [
        {"const": one.id, "description": one.description} for one in installed
    ]
    step["allOf"] = [
        {
            "if": {"properties": {"action": {"const": one.id}}},
            "then": {"properties": {"input": dict(one.input_schema)}},
        }
        for one in installed
    ]
    return schema


@functools.cache
def _read_schema() -> dict[str, Any]:
    folder = files("backstage_py.plugins.scaffolder.templates")
    text = folder.joinpath("document.schema.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)
