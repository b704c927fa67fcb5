"""Example outputs for steps that a dry run skips.

Source: `generateExampleOutput` of `@backstage/plugin-scaffolder-backend`.
"""

from collections.abc import Mapping
from typing import Any

_EXAMPLES = {"boolean": False, "number": 42, "integer": 42}


def make_example(schema: Mapping[str, Any]) -> Any:
    """Make an example value for a schema."""
    examples = schema.get("examples")
    if isinstance(examples, list) and examples:
        return examples[0]
    kind = schema.get("type")
    if kind == "object":
        properties: Mapping[str, Any] = schema.get("properties", {})
        return {name: make_example(one) for name, one in properties.items()}
    if kind == "array":
        return [make_example(schema["items"])] if "items" in schema else []
    if kind == "string":
        return f"<{schema.get('title', 'example')}>"
    return _EXAMPLES.get(str(kind), "<unknown>")
