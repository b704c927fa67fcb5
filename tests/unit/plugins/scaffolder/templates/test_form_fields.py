from backstage_py.plugins.scaffolder.templates.form_fields import (
    is_secret,
    is_shown,
    list_secrets,
    without_fields,
)

FORM = {
    "required": ["name", "token", "beta"],
    "properties": {
        "name": {"type": "string"},
        "token": {"type": "string", "ui:field": "Secret"},
        "beta": {"type": "string", "backstage:featureFlag": "beta"},
    },
    "dependencies": {
        "name": {
            "oneOf": [{"properties": {"key": {"ui:field": "Secret"}}, "required": ["key"]}],
        }
    },
}


def test_secrets_are_found_anywhere_and_are_no_longer_required() -> None:
    assert list_secrets(FORM) == {"token", "key"}

    form = without_fields(FORM, lambda field: not is_secret(field))
    assert form["required"] == ["name", "beta"]
    assert set(form["properties"]) == {"name", "beta"}
    assert form["dependencies"]["name"]["oneOf"] == [{"properties": {}, "required": []}]
    assert FORM["required"] == ["name", "token", "beta"]


def test_a_field_behind_a_feature_flag_is_shown_if_the_flag_is_on() -> None:
    hidden = without_fields(FORM, lambda field: is_shown(field, ()))
    assert "beta" not in hidden["properties"]
    assert hidden["required"] == ["name", "token"]
    assert without_fields(FORM, lambda field: is_shown(field, {"beta"})) == FORM


def test_a_recursive_schema_comes_to_an_end() -> None:
    deep: dict[str, object] = {}
    for _ in range(500):
        deep = {"properties": {"a": deep}}

    assert without_fields(deep, lambda field: not is_secret(field)) == deep
