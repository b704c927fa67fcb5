"""APIs and their definitions, from the catalog's public service."""

from dataclasses import dataclass, field
from typing import Any

from backstage_py.plugins.api_docs.graphql_docs import (
    GraphqlDocsError,
    GraphqlType,
    read_graphql,
)
from backstage_py.plugins.catalog.api import Entity

VIEWERS = {"openapi": "openapi", "asyncapi": "asyncapi", "graphql": "graphql"}
LANGUAGES = {
    "openapi": "yaml",
    "asyncapi": "yaml",
    "graphql": "graphql",
    "grpc": "protobuf",
    "trpc": "typescript",
}


@dataclass(frozen=True)
class Remote:
    """The address of an MCP server."""

    type: str
    url: str


@dataclass(frozen=True)
class Definition:
    """The definition of an API, and its viewer.

    `viewer` is openapi, asyncapi, graphql, remotes, or raw; `problem` says why it is raw.
    """

    type: str = ""
    viewer: str = "raw"
    language: str = "plaintext"
    problem: str = ""
    has_text: bool = False
    types: list[GraphqlType] = field(default_factory=list[GraphqlType])
    remotes: list[Remote] = field(default_factory=list[Remote])


def read_definition(entity: Entity) -> Definition:
    """Read the definition of an API; if it cannot be rendered, it is raw, with the reason."""
    remotes = _read_remotes(entity.spec.get("remotes"))
    if remotes:
        return Definition(entity.type, viewer="remotes", remotes=remotes)
    if definition_text(entity) is None:
        problem = "The definition could not be read: see the problems on the overview."
        return Definition(entity.type, problem=problem)
    type_ = entity.type.lower()
    viewer = VIEWERS.get(type_, "raw")
    types, problem = _read_graphql(entity) if viewer == "graphql" else ([], "")
    return Definition(
        type=entity.type,
        viewer="raw" if problem else viewer,
        language=LANGUAGES.get(type_, "plaintext"),
        problem=problem,
        has_text=True,
        types=types,
    )


def definition_text(entity: Entity) -> str | None:
    """The definition as written; None if it is not text."""
    text = entity.spec.get("definition")
    return text if isinstance(text, str) else None


def _read_graphql(entity: Entity) -> tuple[list[GraphqlType], str]:
    try:
        return read_graphql(definition_text(entity) or ""), ""
    except GraphqlDocsError as error:
        return [], f"This is not a GraphQL schema: {error}"


def _read_remotes(remotes: Any) -> list[Remote]:
    """Read `spec.remotes`, whose form the catalog has checked."""
    return [Remote(str(one["type"]), str(one["url"])) for one in remotes or ()]
