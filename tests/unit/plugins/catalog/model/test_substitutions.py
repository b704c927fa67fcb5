from typing import Any

import pytest

from backstage_py.plugins.catalog.errors import DescriptorError, ProcessingError
from backstage_py.plugins.catalog.model.substitutions import has_placeholder, substitute

FILES = {
    "a.txt": "plain: text",
    "a.json": '{"x": [1]}',
    "a.yaml": "x: [1]\n",
    "two.yaml": "x: 1\n---\ny: 2\n",
    "broken.yaml": "x: [1",
    "broken.json": "{",
    "nan.json": "[NaN]",
    "half.json": '["\\ud800"]',
    "deep.json": "[" * 200 + "]" * 200,
    "deeper.json": "[" * 20_000,
}


def read_target(target: str) -> str:
    if target not in FILES:
        raise DescriptorError(ProcessingError("the file does not exist", value=target))
    return FILES[target]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"$text": "a.txt"}, "plain: text"),
        ({"$json": "a.json"}, {"x": [1]}),
        ({"$yaml": "a.yaml"}, {"x": [1]}),
        ({"deep": [{"$text": "a.txt"}]}, {"deep": ["plain: text"]}),
        ({"$ref": "#/components"}, {"$ref": "#/components"}),
        ({"$text": "a.txt", "other": 1}, {"$text": "a.txt", "other": 1}),
        ({"$unknown": "a.txt"}, {"$unknown": "a.txt"}),
    ],
)
def test_an_object_with_one_known_key_becomes_the_content(value: Any, expected: Any) -> None:
    assert substitute(value, read_target) == (expected, [])


@pytest.mark.parametrize(
    ("placeholder", "rule"),
    [
        ({"$text": "none.txt"}, "the file does not exist"),
        ({"$text": 1}, "must be a path"),
        ({"$text": ""}, "must be a path"),
        ({"$json": "broken.json"}, "the file must be valid JSON"),
        ({"$json": "nan.json"}, "the file must be valid JSON"),
        ({"$json": "half.json"}, "the file must be valid JSON"),
        ({"$json": "deep.json"}, "must not be nested more than 100 levels deep"),
        ({"$json": "deeper.json"}, "the file must be valid JSON"),
        ({"$yaml": "two.yaml"}, "the file must hold exactly one YAML document, not 2"),
        ({"$yaml": "broken.yaml"}, "in line 1 of the file: must be valid YAML"),
    ],
)
def test_what_cannot_be_read_stays_and_is_reported(placeholder: dict[str, Any], rule: str) -> None:
    [key] = placeholder

    value, [error] = substitute({"spec": {"definition": placeholder}}, read_target)

    assert value == {"spec": {"definition": placeholder}}
    assert has_placeholder(value)
    assert error.field == f"spec.definition.{key}"
    assert error.rule.startswith(rule)
