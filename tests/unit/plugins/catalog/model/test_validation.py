"""The rules of portal descriptors, one row each: what is written, and which field is blamed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.catalog.errors import show_value
from backstage_py.plugins.catalog.model.validation import validate_entity

SPECS: dict[str, dict[str, Any]] = {
    "Component": {"type": "service", "lifecycle": "production", "owner": "team"},
    "API": {"type": "openapi", "lifecycle": "production", "owner": "team", "definition": "x"},
    "Resource": {"type": "database", "owner": "user:ann"},
    "System": {"owner": "team"},
    "Domain": {"owner": "team"},
    "Group": {"type": "team", "children": []},
    "User": {"memberOf": []},
    "Location": {},
    "Template": {"type": "service", "steps": [{"action": "debug:log"}]},
    "AiResource": {"type": "skill", "lifecycle": "production", "owner": "team"},
}


def build_document(kind: str = "Component", **fields: Any) -> dict[str, Any]:
    version = "scaffolder.backstage.io/v1beta3" if kind == "Template" else "backstage.io/v1alpha1"
    return {
        "apiVersion": version,
        "kind": kind,
        "metadata": {"name": "thing"},
        "spec": SPECS.get(kind, {}),
        **fields,
    }


def list_blamed_fields(document: Any) -> list[str]:
    return [error.field for error in validate_entity(document)]


@pytest.mark.parametrize("kind", SPECS)
def test_every_kind_is_valid_with_no_more_than_its_required_fields(kind: str) -> None:
    assert validate_entity(build_document(kind)) == []


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, spec in SPECS.items() for field in spec]
)
def test_a_required_field_of_the_spec_must_be_there(kind: str, field: str) -> None:
    spec = {key: value for key, value in SPECS[kind].items() if key != field}

    [error] = validate_entity(build_document(kind, spec=spec))

    assert (error.field, error.value) == (f"spec.{field}", "nothing")


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"apiVersion": "v1"}, ["apiVersion"]),
        ({"apiVersion": "Bad_Domain/v1"}, ["apiVersion"]),
        ({"apiVersion": "a/b/c"}, ["apiVersion"]),
        ({"apiVersion": 1}, ["apiVersion"]),
        ({"apiVersion": "backstage.io/v1beta1"}, []),
        ({"kind": "component", "spec": SPECS["Component"]}, ["kind"]),
        ({"kind": "1Thing"}, ["kind"]),
        ({"kind": "K" * 64}, ["kind"]),
        ({"kind": None}, ["kind"]),
        ({"relations": []}, ["relations"]),
        ({"metadata": None}, ["metadata"]),
        ({"metadata": {}}, ["metadata.name"]),
        ({"spec": None}, ["spec"]),
    ],
)
def test_the_envelope_has_its_rules(fields: dict[str, Any], blamed: list[str]) -> None:
    assert list_blamed_fields(build_document(**fields)) == blamed


@pytest.mark.parametrize(
    ("field", "value", "blamed"),
    [
        ("name", "a", None),
        ("name", "A--b__c..d", None),
        ("name", "n" * 63, None),
        ("name", "n" * 64, "name"),
        ("name", "-a", "name"),
        ("name", "a.", "name"),
        ("name", "a b", "name"),
        ("name", "a\n", "name"),
        ("name", 17, "name"),
        ("namespace", "my--team", None),
        ("namespace", "Team", "namespace"),
        ("namespace", "team-", "namespace"),
        ("namespace", "", "namespace"),
        ("title", "", "title"),
        ("title", 1, "title"),
        ("description", "", None),
        ("description", ["x"], "description"),
        ("labels", {"example.com/tier": "1"}, None),
        ("labels", {"tier": ""}, None),
        ("labels", {"tier": 1}, "labels.tier"),
        ("labels", {"tier": "a b"}, "labels.tier"),
        ("labels", {"a/b/c": "x"}, "labels.a/b/c"),
        ("labels", {"Example.com/tier": "x"}, "labels.Example.com/tier"),
        ("labels", ["tier"], "labels"),
        ("annotations", {"example.com/any": "any text: at all"}, None),
        ("annotations", {"example.com/on": True}, "annotations.example.com/on"),
        ("annotations", {"-x": "y"}, "annotations.-x"),
        ("tags", ["c++", "c#", "a:b", "a-b"], None),
        ("tags", ["Java"], "tags[0]"),
        ("tags", ["ok", "a--b"], "tags[1]"),
        ("tags", ["t" * 64], "tags[0]"),
        ("tags", None, "tags"),
        ("tags", "java", "tags"),
        ("links", [{"url": "https://example.com", "title": "x", "icon": "docs"}], None),
        ("links", [{"url": "mailto:ann@example.com"}], None),
        ("links", [{"title": "x"}], "links[0].url"),
        ("links", [{"url": "example.com"}], "links[0].url"),
        ("links", [{"url": "https://"}], "links[0].url"),
        ("links", [{"url": "https://example.com", "title": ""}], "links[0].title"),
        ("links", ["https://example.com"], "links[0]"),
        ("company", {"any": "thing"}, None),
    ],
)
def test_metadata_has_its_rules(field: str, value: Any, blamed: str | None) -> None:
    document = build_document(metadata={"name": "thing", field: value})

    assert list_blamed_fields(document) == ([f"metadata.{blamed}"] if blamed else [])


@pytest.mark.parametrize(
    ("kind", "field", "value", "blamed"),
    [
        ("Component", "owner", "", "owner"),
        ("Component", "owner", "user:ann", None),
        ("Component", "system", "a:", "system"),
        ("Component", "providesApis", ["a", 1], "providesApis[1]"),
        ("Component", "providesApis", "a", "providesApis"),
        ("Component", "dependsOn", ["resource:db", "db"], "dependsOn[1]"),
        ("Component", "lifecycle", "any other word", None),
        ("API", "definition", {"openapi": "3.0.0"}, "definition"),
        ("API", "definition", "", "definition"),
        ("Group", "children", None, "children"),
        ("Group", "profile", {"displayName": ""}, "profile.displayName"),
        ("User", "profile", "Ann", "profile"),
        ("Location", "presence", "sometimes", "presence"),
        ("Location", "presence", {}, "presence"),
        ("Location", "targets", [""], "targets[0]"),
        ("Template", "steps", [{"id": "x"}], "steps[0].action"),
        ("Template", "parameters", "x", "parameters"),
        ("AiResource", "skills", ["airesource:review"], None),
    ],
)
def test_the_spec_of_a_kind_has_its_rules(
    kind: str, field: str, value: Any, blamed: str | None
) -> None:
    document = build_document(kind, spec={**SPECS[kind], field: value})

    assert list_blamed_fields(document) == ([f"spec.{blamed}"] if blamed else [])


def test_an_mcp_server_has_remotes_where_other_apis_have_a_definition() -> None:
    spec = {"type": "mcp-server", "lifecycle": "production", "owner": "team"}
    remotes = [{"type": "sse", "url": "https://example.com"}]

    assert list_blamed_fields(build_document("API", spec=spec)) == ["spec.remotes"]
    assert list_blamed_fields(build_document("API", spec={**spec, "remotes": remotes})) == []
    assert list_blamed_fields(build_document("API", spec={**spec, "remotes": [{}]})) == [
        "spec.remotes[0]"
    ]


@pytest.mark.parametrize(
    ("type_", "missing"),
    [
        ("rule", ["spec.category", "spec.rationale"]),
        ("plugin", ["spec.skills"]),
        ("marketplace", ["spec.plugins"]),
    ],
)
def test_an_ai_resource_needs_more_by_its_type(type_: str, missing: list[str]) -> None:
    spec = {**SPECS["AiResource"], "type": type_}

    assert list_blamed_fields(build_document("AiResource", spec=spec)) == missing


def test_an_unknown_kind_needs_only_the_envelope() -> None:
    document = build_document("Tunnel", apiVersion="nordlicht.example/v1")
    del document["spec"]

    assert validate_entity(document) == []


def test_an_error_says_what_stood_there_and_what_the_rule_is() -> None:
    [error] = validate_entity(build_document(metadata={"name": "-thing"}))

    assert error.message == (
        "metadata.name: must be 1-63 characters of a-z, A-Z, 0-9, - _ . "
        'with a letter or digit at both ends (got "-thing")'
    )


def test_a_long_value_is_shortened_in_an_error() -> None:
    assert show_value("x" * 200) == f'"{"x" * 78}…'


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "tags", "links", "url", "type", "owner", "targets", "labels"]),
            children,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from([*SPECS, "Tunnel"]), json_values, json_values)
def test_no_document_whatsoever_breaks_the_validation(kind: str, metadata: Any, spec: Any) -> None:
    for error in validate_entity(build_document(kind, metadata=metadata, spec=spec)):
        assert error.field.startswith(("metadata", "spec"))
        assert error.rule


@given(json_values)
def test_only_a_mapping_is_an_entity(value: Any) -> None:
    assert validate_entity(value) != []
