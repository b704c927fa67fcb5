"""The built-in kinds: the fields of their specs, and their relations.

From the JSON schemas and the relation rules of `@backstage/catalog-model` 1.10.1. Any other kind is
a company's own and only needs a valid envelope.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backstage_py.plugins.catalog.model.formats import (
    LIST,
    MAPPING,
    NON_EMPTY_TEXT,
    PRESENCE,
    REMOTE,
    Format,
)

CLASSIC_API_VERSIONS = ("backstage.io/v1alpha1", "backstage.io/v1beta1")

INVERSE_RELATIONS = {
    "ownedBy": "ownerOf",
    "partOf": "hasPart",
    "providesApi": "apiProvidedBy",
    "consumesApi": "apiConsumedBy",
    "dependsOn": "dependencyOf",
    "memberOf": "hasMember",
    "childOf": "parentOf",
}
INVERSE_RELATIONS |= {inverse: relation for relation, inverse in INVERSE_RELATIONS.items()}


@dataclass(frozen=True, slots=True)
class SpecField:
    """A field of the spec; the name of a nested one has a dot, `each` is the format of items."""

    name: str
    format: Format = NON_EMPTY_TEXT
    required: bool = False
    each: Format | None = None


@dataclass(frozen=True, slots=True)
class RelationField:
    """A field of the spec that refers to one entity or to a list of them."""

    name: str
    type: str
    default_kind: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """The rules of a kind's spec.

    `by_type` holds the fields of some values of `spec.type`; all others have `otherwise`. `schema`
    names a JSON Schema beside this module, for specs with nested structures.
    """

    name: str
    fields: tuple[SpecField, ...]
    relations: tuple[RelationField, ...] = ()
    by_type: Mapping[str, tuple[SpecField, ...]] = field(default_factory=dict)
    otherwise: tuple[SpecField, ...] = ()
    api_versions: tuple[str, ...] = CLASSIC_API_VERSIONS
    schema: str = ""


def _required(*names: str) -> tuple[SpecField, ...]:
    return tuple(SpecField(name, required=True) for name in names)


def _optional(*names: str) -> tuple[SpecField, ...]:
    return tuple(SpecField(name) for name in names)


def _texts(*names: str, required: bool = False) -> tuple[SpecField, ...]:
    return tuple(SpecField(name, LIST, required, NON_EMPTY_TEXT) for name in names)


_PROFILE = (
    SpecField("profile", MAPPING),
    *_optional("profile.displayName", "profile.email", "profile.picture"),
)
_OWNER = RelationField("owner", "ownedBy", "Group")
_SYSTEM = RelationField("system", "partOf", "System")
_DEPENDS_ON = RelationField("dependsOn", "dependsOn")
_DEPENDENCY_OF = RelationField("dependencyOf", "dependencyOf")

_KINDS = (
    Kind(
        "Component",
        (
            *_required("type", "lifecycle", "owner"),
            *_optional("system", "subcomponentOf"),
            *_texts("providesApis", "consumesApis", "dependsOn", "dependencyOf"),
        ),
        (
            _OWNER,
            _SYSTEM,
            RelationField("subcomponentOf", "partOf", "Component"),
            RelationField("providesApis", "providesApi", "API"),
            RelationField("consumesApis", "consumesApi", "API"),
            _DEPENDS_ON,
            _DEPENDENCY_OF,
        ),
    ),
    Kind(
        "API",
        (*_required("type", "lifecycle", "owner"), *_optional("system")),
        (_OWNER, _SYSTEM),
        by_type={"mcp-server": (SpecField("remotes", LIST, required=True, each=REMOTE),)},
        otherwise=_required("definition"),
    ),
    Kind(
        "Resource",
        (*_required("type", "owner"), *_optional("system"), *_texts("dependsOn", "dependencyOf")),
        (_OWNER, _SYSTEM, _DEPENDS_ON, _DEPENDENCY_OF),
    ),
    Kind(
        "System",
        (*_required("owner"), *_optional("domain", "type")),
        (_OWNER, RelationField("domain", "partOf", "Domain")),
    ),
    Kind(
        "Domain",
        (*_required("owner"), *_optional("subdomainOf", "type")),
        (_OWNER, RelationField("subdomainOf", "partOf", "Domain")),
    ),
    Kind(
        "Group",
        (
            *_required("type"),
            *_texts("children", required=True),
            *_optional("parent"),
            *_texts("members"),
            *_PROFILE,
        ),
        (
            RelationField("parent", "childOf", "Group"),
            RelationField("children", "parentOf", "Group"),
            RelationField("members", "hasMember", "User"),
        ),
    ),
    Kind(
        "User",
        (*_texts("memberOf", required=True), *_PROFILE),
        (RelationField("memberOf", "memberOf", "Group"),),
    ),
    Kind(
        "Location",
        (*_optional("type", "target"), *_texts("targets"), SpecField("presence", PRESENCE)),
    ),
    Kind(
        "Template",
        (),
        (_OWNER,),
        api_versions=("scaffolder.backstage.io/v1beta3",),
        schema="template.schema.json",
    ),
    Kind(
        "AiResource",
        (
            *_required("type", "lifecycle", "owner"),
            *_optional("system"),
            *_texts("disciplines", "categories", "agents", "dependsOn"),
        ),
        (
            _OWNER,
            _SYSTEM,
            RelationField("skills", "hasPart", "AiResource"),
            RelationField("plugins", "hasPart", "AiResource"),
            RelationField("dependsOn", "dependsOn", "AiResource"),
        ),
        by_type={
            "rule": _required("category", "rationale"),
            "plugin": _texts("skills", required=True),
            "marketplace": _texts("plugins", required=True),
        },
        api_versions=("backstage.io/v1alpha1",),
    ),
)

KINDS: Mapping[str, Kind] = {kind.name.lower(): kind for kind in _KINDS}
"""The built-in kinds by lower-case name."""
