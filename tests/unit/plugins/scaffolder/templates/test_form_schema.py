import copy
from typing import Any

import pytest

from backstage_py.plugins.scaffolder.templates.form_schema import split_schema


def test_keys_about_looks_are_moved_out_of_the_schema() -> None:
    written = {
        "title": "Who?",
        "description": "Say it",
        "required": ["name"],
        "ui:order": ["name", "*"],
        "properties": {
            "name": {"type": "string", "ui:field": "EntityNamePicker", "ui:autofocus": True},
            "size": {"type": "integer"},
        },
    }

    assert split_schema(written) == (
        {
            "type": "object",
            "required": ["name"],
            "properties": {"name": {"type": "string"}, "size": {"type": "integer"}},
        },
        {
            "ui:order": ["name", "*"],
            "name": {"ui:field": "EntityNamePicker", "ui:autofocus": True},
            "size": {},
        },
    )


def test_nested_objects_and_items_of_lists_have_looks_of_their_own() -> None:
    written = {
        "properties": {
            "database": {
                "type": "object",
                "properties": {"password": {"type": "string", "ui:widget": "password"}},
            },
            "hosts": {"type": "array", "items": {"type": "string", "ui:placeholder": "a.example"}},
        }
    }

    schema, ui_schema = split_schema(written)

    assert schema["properties"]["hosts"]["items"] == {"type": "string"}
    assert ui_schema == {
        "database": {"password": {"ui:widget": "password"}},
        "hosts": {"items": {"ui:placeholder": "a.example"}},
    }


@pytest.mark.parametrize(
    "branch",
    [
        {"oneOf": [{"properties": {"x": {"type": "string", "ui:help": "h"}}}]},
        {"anyOf": [{"properties": {"x": {"type": "string", "ui:help": "h"}}}]},
        {"allOf": [{"then": {"properties": {"x": {"type": "string", "ui:help": "h"}}}}]},
        {"if": {}, "then": {"properties": {"x": {"type": "string", "ui:help": "h"}}}},
        {"if": {}, "else": {"properties": {"x": {"type": "string", "ui:help": "h"}}}},
        {"dependencies": {"y": {"oneOf": [{"properties": {"x": {"ui:help": "h"}}}]}}},
    ],
)
def test_looks_in_a_branch_count_for_the_page(branch: dict[str, Any]) -> None:
    schema, ui_schema = split_schema(branch)

    assert ui_schema == {"x": {"ui:help": "h"}}
    assert "ui:" not in str(schema)


def test_names_of_choices_are_looks() -> None:
    written = {"properties": {"mode": {"enum": ["l", "d"], "enumNames": ["Light", "Dark"]}}}

    schema, ui_schema = split_schema(written)

    assert schema["properties"] == {"mode": {"enum": ["l", "d"]}}
    assert ui_schema == {"mode": {"ui:enumNames": ["Light", "Dark"]}}


def test_a_property_may_be_called_as_a_keyword_is() -> None:
    written = {
        "properties": {
            "title": {"type": "string", "ui:help": "of the book"},
            "properties": {"type": "string"},
        }
    }

    schema, ui_schema = split_schema(written)

    assert schema["properties"] == {"title": {"type": "string"}, "properties": {"type": "string"}}
    assert ui_schema["title"] == {"ui:help": "of the book"}


def test_the_template_itself_stays_as_it_is() -> None:
    written = {"title": "T", "properties": {"x": {"ui:help": "h", "enumNames": ["a"]}}}
    before = copy.deepcopy(written)

    split_schema(written)

    assert written == before


def test_an_invalid_schema_is_left_to_the_validator() -> None:
    written = {"properties": {"x": True, "y": {"items": [{"type": "string"}]}}, "oneOf": "no list"}

    schema, _ = split_schema(written)

    assert schema["properties"] == {"x": True, "y": {"items": [{"type": "string"}]}}
    assert schema["oneOf"] == "no list"
