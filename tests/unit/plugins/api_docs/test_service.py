from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backstage_py.plugins.api_docs.graphql_docs import (
    GraphqlDocsError,
    GraphqlField,
    read_graphql,
)
from backstage_py.plugins.api_docs.routes import definition_path
from backstage_py.plugins.api_docs.rows import build_related, build_row
from backstage_py.plugins.api_docs.service import definition_text, read_definition
from backstage_py.plugins.catalog.api import CatalogService, EntityRef
from backstage_py.plugins.catalog.model.entity import Entity
from tests.conftest import PROJECT

SCHEMA = '''
type Journey { "when it leaves" departure(zone: String = "UTC", at: ID!): DateTime! }
scalar DateTime
enum Mode { TRAIN BUS @deprecated(reason: "sold") WALK @deprecated }
union Found = Journey | Stop
interface Node { id: ID! }
input Where { from: ID! = 3 }
directive @cost(value: Int!) on FIELD_DEFINITION
"""
Where one begins
"""
type Query { journeys: [Journey!]! }
'''


def api(type_: str, **spec: Any) -> Entity:
    return Entity("backstage.io/v1alpha1", "API", {"name": "x"}, {"type": type_, **spec})


@pytest.fixture(scope="module")
def catalog() -> CatalogService:
    location = {"type": "file", "target": "demo/catalog/all.yaml"}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    return catalog


@pytest.mark.parametrize(
    ("entity", "viewer", "language", "problem"),
    [
        (api("openapi", definition="openapi: 3.1.0"), "openapi", "yaml", ""),
        (api("OpenAPI", definition="x"), "openapi", "yaml", ""),
        (api("asyncapi", definition="x"), "asyncapi", "yaml", ""),
        (api("graphql", definition="scalar X"), "graphql", "graphql", ""),
        (
            api("graphql", definition="type {"),
            "raw",
            "graphql",
            "This is not a GraphQL schema: line 1",
        ),
        (api("grpc", definition="syntax = 3"), "raw", "protobuf", ""),
        (api("trpc", definition="x"), "raw", "typescript", ""),
        (api("soap", definition="x"), "raw", "plaintext", ""),
        (api("openapi", definition={"$text": "gone"}), "raw", "plaintext", "could not be read"),
        (api("mcp-server", remotes=[{"type": "sse", "url": "x"}]), "remotes", "plaintext", ""),
    ],
)
def test_each_type_has_its_viewer(entity: Entity, viewer: str, language: str, problem: str) -> None:
    definition = read_definition(entity)

    assert (definition.viewer, definition.language) == (viewer, language)
    assert problem in definition.problem
    assert bool(definition.problem) == bool(problem)
    assert definition.has_text == isinstance(entity.spec.get("definition"), str)


def test_a_text_is_given_as_it_was_written() -> None:
    assert definition_text(api("openapi", definition=" a\n")) == " a\n"
    assert definition_text(api("openapi", definition={"$text": "x"})) is None


def test_a_schema_is_documented_the_roots_first() -> None:
    types = {one.name: one for one in read_graphql(SCHEMA)}

    assert next(iter(types)) == "Query"
    assert types["Query"].description == "Where one begins"
    assert types["Journey"].fields == [
        GraphqlField("departure", "zone: String, at: ID!", "DateTime!", "when it leaves")
    ]
    assert [(one.name, one.deprecated) for one in types["Mode"].fields] == [
        ("TRAIN", ""),
        ("BUS", "Deprecated: sold"),
        ("WALK", "Deprecated"),
    ]
    assert [one.name for one in types["Found"].fields] == ["Journey", "Stop"]
    assert {one.kind for one in types.values()} == {
        *("type", "scalar", "enum", "union", "interface", "input", "directive")
    }


@pytest.mark.parametrize("text", ["", "type X {", "{" * 5000, "type X { a: [[[[ }", "\0"])
def test_an_invalid_schema_says_where(text: str) -> None:
    with pytest.raises(GraphqlDocsError):
        read_graphql(text)


@given(st.text(max_size=80))
def test_any_text_is_a_schema_or_a_clear_error(text: str) -> None:
    with suppress(GraphqlDocsError):
        read_graphql(text)


def test_the_address_of_a_definition_is_encoded() -> None:
    path = definition_path(EntityRef("API", "default", "a b/c"))

    assert path == "/api/api-docs/definitions/default/a%20b%2Fc"


def test_providers_and_consumers_are_rows_of_their_own(catalog: CatalogService) -> None:
    found = catalog.get_entity("API", "default", "booking-api")

    assert build_row(catalog, found).title == "Booking API"
    assert [one.title for one in build_related(catalog, found, "apiProvidedBy")] == [
        "Booking Service"
    ]
    assert build_related(catalog, found, "apiConsumedBy") != []
