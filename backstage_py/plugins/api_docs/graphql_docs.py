"""The documentation of a GraphQL schema, from its text (GraphQL specification, section 3)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    IntrospectionQuery,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    build_client_schema,
    parse,
    print_ast,
    print_schema,
)

MAX_TOKENS = 200_000

_KINDS: dict[type[DefinitionNode], str] = {
    ObjectTypeDefinitionNode: "type",
    InterfaceTypeDefinitionNode: "interface",
    InputObjectTypeDefinitionNode: "input",
    EnumTypeDefinitionNode: "enum",
    UnionTypeDefinitionNode: "union",
    ScalarTypeDefinitionNode: "scalar",
    DirectiveDefinitionNode: "directive",
}
_EXTENSIONS: dict[type[DefinitionNode], str] = {
    ObjectTypeExtensionNode: "type",
    InterfaceTypeExtensionNode: "interface",
    InputObjectTypeExtensionNode: "input",
    EnumTypeExtensionNode: "enum",
    UnionTypeExtensionNode: "union",
    ScalarTypeExtensionNode: "scalar",
}
_ROOTS = ("Query", "Mutation", "Subscription")


class GraphqlDocsError(ValueError):
    """A text that is not a GraphQL schema; the message says where."""


@dataclass(frozen=True)
class GraphqlField:
    """A field, a value of an enum, or a member of a union."""

    name: str
    arguments: str = ""
    type: str = ""
    description: str = ""
    deprecated: str = ""


@dataclass(frozen=True)
class GraphqlType:
    """A definition of the schema."""

    name: str
    kind: str
    description: str = ""
    fields: list[GraphqlField] = field(default_factory=list[GraphqlField])


def read_graphql(text: str) -> list[GraphqlType]:
    """Read the definitions of a schema, or of an introspection's result: the roots first.

    Fields added by `extend` belong to the type; a federated schema may only extend types of other
    schemas.

    Raises:
        GraphqlDocsError: If the text is not GraphQL.
    """
    try:
        document = parse(_from_introspection(text) or text, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        place = error.locations[0] if error.locations else None
        where = f"line {place.line}: " if place else ""
        raise GraphqlDocsError(f"{where}{error.message}") from error
    except RecursionError:
        raise GraphqlDocsError("it is nested too deep") from None
    types: dict[str, GraphqlType] = {}
    for definition in document.definitions:
        kind = _KINDS.get(type(definition)) or _EXTENSIONS.get(type(definition))
        if kind:
            _add(types, kind, definition)
    return sorted(
        types.values(), key=lambda one: _ROOTS.index(one.name) if one.name in _ROOTS else 3
    )


def _rank(one: GraphqlType) -> int:
    return _ROOTS.index(one.name) if one.name in _ROOTS else len(_ROOTS)


def _add(types: dict[str, GraphqlType], kind: str, definition: Any) -> None:
    """Add a definition; an extension joins its type, which another schema may define."""
    name, fields = definition.name.value, _read_fields(definition)
    known = types.get(name)
    if known is not None and type(definition) in _EXTENSIONS:
        known.fields.extend(fields)
    else:
        earlier = known.fields if known else []
        types[name] = GraphqlType(name, kind, _read_description(definition), [*fields, *earlier])


def _from_introspection(text: str) -> str:
    """The schema text of an introspection result; empty if it is not one.

    Raises:
        GraphQLError: If the result is incomplete.
    """
    if not text.lstrip().startswith("{"):
        return ""
    try:
        result = json.loads(text)
    except ValueError:
        return ""
    data = result.get("data", result) if isinstance(result, dict) else {}
    if not isinstance(data, dict) or "__schema" not in data:
        return ""
    try:
        return print_schema(build_client_schema(cast("IntrospectionQuery", data)))
    except (TypeError, KeyError) as error:
        raise GraphQLError(f"the introspection result is not complete: {error}") from error


def _read_fields(definition: Any) -> list[GraphqlField]:
    match definition:
        case EnumTypeDefinitionNode() | EnumTypeExtensionNode():
            return [_read_field(value) for value in definition.values or ()]
        case UnionTypeDefinitionNode() | UnionTypeExtensionNode():
            return [GraphqlField(member.name.value) for member in definition.types or ()]
        case DirectiveDefinitionNode():
            return [_read_field(argument) for argument in definition.arguments or ()]
        case ScalarTypeDefinitionNode() | ScalarTypeExtensionNode():
            return []
        case _:
            return [_read_field(one) for one in definition.fields or ()]


def _read_field(node: Any) -> GraphqlField:
    type_ = getattr(node, "type", None)
    arguments: Sequence[Any] = getattr(node, "arguments", None) or ()
    return GraphqlField(
        name=node.name.value,
        arguments=", ".join(f"{one.name.value}: {print_ast(one.type)}" for one in arguments),
        type=print_ast(type_) if type_ else "",
        description=_read_description(node),
        deprecated=_read_deprecation(node),
    )


def _read_description(node: Any) -> str:
    description = getattr(node, "description", None)  # extensions have none
    return description.value if description else ""


def _read_deprecation(node: Any) -> str:
    for directive in node.directives or ():
        if directive.name.value == "deprecated":
            reasons = [
                one.value.value for one in directive.arguments or () if one.name.value == "reason"
            ]
            return f"Deprecated: {reasons[0]}" if reasons else "Deprecated"
    return ""
