"""The documentation of a GraphQL schema, out of its text (GraphQL specification, section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    EnumTypeDefinitionNode,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    print_ast,
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
_ROOTS = ("Query", "Mutation", "Subscription")


class GraphqlDocsError(ValueError):
    """A text that is no GraphQL schema; the message says where it is not."""


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
    """Read the definitions of a schema: the roots first, then as they are written.

    Raises:
        GraphqlDocsError: If the text is no GraphQL.
    """
    try:
        document = parse(text, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        place = error.locations[0] if error.locations else None
        where = f"line {place.line}: " if place else ""
        raise GraphqlDocsError(f"{where}{error.message}") from error
    except RecursionError:
        raise GraphqlDocsError("it is nested too deep") from None
    types = [
        GraphqlType(
            name=definition.name.value,  # pyright: ignore[reportAttributeAccessIssue]
            kind=_KINDS[type(definition)],
            description=_read_description(definition),
            fields=_read_fields(definition),
        )
        for definition in document.definitions
        if type(definition) in _KINDS
    ]
    return sorted(types, key=lambda one: _ROOTS.index(one.name) if one.name in _ROOTS else 3)


def _read_fields(definition: Any) -> list[GraphqlField]:
    match definition:
        case EnumTypeDefinitionNode():
            return [_read_field(value) for value in definition.values or ()]
        case UnionTypeDefinitionNode():
            return [GraphqlField(member.name.value) for member in definition.types or ()]
        case DirectiveDefinitionNode():
            return [_read_field(argument) for argument in definition.arguments or ()]
        case ScalarTypeDefinitionNode():
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
    return node.description.value if node.description else ""


def _read_deprecation(node: Any) -> str:
    for directive in node.directives or ():
        if directive.name.value == "deprecated":
            reasons = [
                one.value.value for one in directive.arguments or () if one.name.value == "reason"
            ]
            return f"Deprecated: {reasons[0]}" if reasons else "Deprecated"
    return ""
