"""What the catalog's pages show of an entity: flat, typed, ready for the browser."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import yaml

from backstage_py.plugins.catalog.entity import Entity
from backstage_py.plugins.catalog.entity_ref import EntityRef
from backstage_py.plugins.catalog.service import CatalogService, FacetValue, RelatedEntity

_RELATION_TITLES = {
    "ownedBy": "Owned by",
    "ownerOf": "Owns",
    "partOf": "Part of",
    "hasPart": "Has parts",
    "providesApi": "Provides APIs",
    "apiProvidedBy": "Provided by",
    "consumesApi": "Consumes APIs",
    "apiConsumedBy": "Consumed by",
    "dependsOn": "Depends on",
    "dependencyOf": "Needed by",
    "memberOf": "Member of",
    "hasMember": "Members",
    "childOf": "Belongs to",
    "parentOf": "Includes",
}


@dataclass(frozen=True)
class EntityChip:
    """A mention of an entity: what it is called and where its page is."""

    title: str
    path: str
    exists: bool = True


@dataclass(frozen=True)
class Option:
    """A value to filter by, and how it is shown."""

    value: str
    text: str


@dataclass(frozen=True)
class EntityRow:
    """A row of the index."""

    ref: str = ""
    title: str = ""
    path: str = ""
    kind: str = ""
    type: str = ""
    lifecycle: str = ""
    description: str = ""
    owners: list[EntityChip] = field(default_factory=list)
    systems: list[EntityChip] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class RelationRow:
    """The entities that one relation leads to."""

    title: str
    targets: list[EntityChip]


@dataclass(frozen=True)
class LinkRow:
    """A link out of the portal."""

    title: str
    url: str


@dataclass(frozen=True)
class EntityDetails:
    """All that an entity's page shows; `definition` is empty for what is no API."""

    row: EntityRow = field(default_factory=EntityRow)
    relations: list[RelationRow] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    definition: str = ""
    descriptor: str = ""


def build_row(catalog: CatalogService, entity: Entity) -> EntityRow:
    """The row of an entity."""
    return EntityRow(
        ref=entity.entity_ref,
        title=entity.title,
        path=entity.ref.page_path,
        kind=entity.kind,
        type=entity.type,
        lifecycle=entity.lifecycle,
        description=entity.description,
        owners=[_chip(one) for one in catalog.list_related(entity, "ownedBy")],
        systems=[_chip(one) for one in catalog.list_related(entity, "partOf")],
        tags=list(entity.tags),
    )


def build_details(catalog: CatalogService, entity: Entity) -> EntityDetails:
    """Everything on the page of an entity."""
    definition = entity.spec.get("definition")
    related = sorted(catalog.list_related(entity), key=lambda one: one.relation_type)
    return EntityDetails(
        row=build_row(catalog, entity),
        relations=[
            RelationRow(_RELATION_TITLES.get(kind, kind), [_chip(one) for one in group])
            for kind, group in groupby(related, key=lambda one: one.relation_type)
        ],
        links=[LinkRow(link.title, link.url) for link in entity.links],
        problems=[item.message for item in entity.status],
        definition=definition if isinstance(definition, str) else "",
        descriptor=_to_yaml(entity.to_wire()),
    )


def build_options(values: Iterable[FacetValue]) -> list[Option]:
    """Values to filter by, each with how many entities have it."""
    return [Option(one.value, f"{one.value} ({one.count})") for one in values]


def build_owner_options(values: Iterable[FacetValue]) -> list[Option]:
    """Owners to filter by, in the short form of their refs."""
    return [
        Option(
            one.value, f"{EntityRef.parse(one.value).humanize(default_kind='Group')} ({one.count})"
        )
        for one in values
    ]


def _chip(related: RelatedEntity) -> EntityChip:
    return EntityChip(title=related.title, path=related.ref.page_path, exists=related.exists)


class _Dumper(yaml.CSafeDumper):
    """Writes what is there twice twice, instead of a reference to it."""

    def ignore_aliases(self, data: Any) -> bool:  # ruff: ignore[unused-method-argument]
        return True


def _to_yaml(content: dict[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
