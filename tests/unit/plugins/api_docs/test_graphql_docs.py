"""GraphQL schemas as the definition's page lists them."""

import json

import pytest
from graphql import build_schema, introspection_from_schema

from backstage_py.plugins.api_docs.graphql_docs import GraphqlDocsError, read_graphql

SCHEMA = """
extend type Product @key(fields: "id") { reviews: [Review] }
type Query { product: Product }
type Product { id: ID! }
type Review { text: String }
extend type Query { reviews: [Review] }
extend enum Colour { RED }
"""


def list_fields(text: str) -> dict[str, list[str]]:
    return {one.name: [each.name for each in one.fields] for one in read_graphql(text)}


def test_extensions_belong_to_their_type_wherever_that_is() -> None:
    assert list_fields(SCHEMA) == {
        "Query": ["product", "reviews"],
        "Product": ["id", "reviews"],
        "Review": ["text"],
        "Colour": ["RED"],
    }


def test_an_introspection_result_is_a_schema() -> None:
    schema = build_schema("type Query { a(b: Int): String }")
    result = introspection_from_schema(schema)

    for text in (json.dumps(result), json.dumps({"data": result})):
        [query] = read_graphql(text)
        assert (query.name, query.fields[0].arguments) == ("Query", "b: Int")


@pytest.mark.parametrize("text", ["{", '{"data": {"__schema": {}}}', '{"a": 1}', "type"])
def test_anything_else_says_what_is_wrong(text: str) -> None:
    with pytest.raises(GraphqlDocsError):
        read_graphql(text)
