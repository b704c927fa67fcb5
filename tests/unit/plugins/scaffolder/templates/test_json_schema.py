from typing import Any

import pytest

from backstage_py.plugins.scaffolder.templates.json_schema import SchemaError, list_problems

FORM = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z]+$", "maxLength": 5},
        "kind": {"enum": ["web", "job"]},
        "tags": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "place": {"type": "object", "required": ["city"], "properties": {"city": {"minLength": 1}}},
        "mail": {"type": "string", "format": "email", "errorMessage": "needs an @"},
    },
    "dependencies": {
        "kind": {
            "oneOf": [
                {"properties": {"kind": {"enum": ["web"]}, "host": {}}, "required": ["host"]},
                {"properties": {"kind": {"enum": ["job"]}, "cron": {}}, "required": ["cron"]},
            ]
        }
    },
}


@pytest.mark.parametrize(
    ("values", "problems"),
    [
        ({"name": "shop"}, []),
        ({}, [(("name",), "is required")]),
        ({"name": "SHOP"}, [(("name",), "must match the pattern ^[a-z]+$")]),
        ({"name": "shopping"}, [(("name",), "must have at most 5 characters")]),
        ({"name": "a", "tags": []}, [(("tags",), "must have at least 1 entries")]),
        ({"name": "a", "tags": [1]}, [(("tags", 0), '1 is not of type "string"')]),
        ({"name": "a", "place": {}}, [(("place", "city"), "is required")]),
        ({"name": "a", "place": {"city": ""}}, [(("place", "city"), "must not be empty")]),
        ({"name": "a", "mail": "x"}, [(("mail",), "needs an @")]),
        ({"name": "a", "kind": "web"}, [(("host",), "is required")]),
        ({"name": "a", "kind": "job", "host": "x"}, [(("cron",), "is required")]),
        ({"name": "a", "kind": "job", "cron": "x"}, []),
    ],
)
def test_each_problem_names_its_field_and_the_rule(
    values: dict[str, Any], problems: list[Any]
) -> None:
    assert list_problems(FORM, values) == problems


@pytest.mark.parametrize(
    "reference", ["http://169.254.169.254/x", "https://example.com/s.json", "file:///etc/passwd"]
)
def test_no_schema_is_fetched_from_anywhere(reference: str) -> None:
    with pytest.raises(SchemaError, match="write the schema in the template itself"):
        list_problems({"properties": {"a": {"$ref": reference}}}, {"a": 1})


def test_a_pattern_that_backtracks_without_end_is_given_up() -> None:
    schema = {"pattern": r"^(a*)*\1?(?=b)$"}

    assert list_problems(schema, "a" * 50_000 + "!")


@pytest.mark.parametrize("schema", [{"type": "sting"}, {"pattern": "("}, {"required": "name"}])
def test_a_wrong_schema_is_distinguished_from_a_wrong_value(schema: dict[str, Any]) -> None:
    with pytest.raises(SchemaError):
        list_problems(schema, {})
