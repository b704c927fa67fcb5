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


def test_secrets_are_found_wherever_they_stand_and_nothing_requires_them_any_more() -> None:
    assert list_secrets(FORM) == {"token", "key"}

    form = without_fields(FORM, lambda field: not is_secret(field))
    assert form["required"] == ["name", "beta"]
    assert set(form["properties"]) == {"name", "beta"}
    assert form["dependencies"]["name"]["oneOf"] == [{"properties": {}, "required": []}]
    assert FORM["required"] == ["name", "token", "beta"]


def test_what_a_feature_flag_hides_is_there_for_whom_it_is_on() -> None:
    hidden = without_fields(FORM, lambda field: is_shown(field, ()))
    assert "beta" not in hidden["properties"]
    assert hidden["required"] == ["name", "token"]
    assert without_fields(FORM, lambda field: is_shown(field, {"beta"})) == FORM


def test_a_schema_that_holds_itself_deeply_is_no_endless_way() -> None:
    deep: dict[str, object] = {}
    for _ in range(500):
        deep = {"properties": {"a": deep}}

    assert without_fields(deep, lambda field: not is_secret(field)) == deep
