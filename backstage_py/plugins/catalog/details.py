"""The data of an entity's page: flat, typed, ready for the browser."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import starmap
from typing import Any

import yaml

from backstage_py.plugins.catalog.entity_links import find_paths
from backstage_py.plugins.catalog.model.entity import (
    MANAGED_BY_LOCATION,
    MANAGED_BY_ORIGIN_LOCATION,
    ORPHAN,
    Entity,
)
from backstage_py.plugins.catalog.model.entity_ref import EntityRef, EntityRefError
from backstage_py.plugins.catalog.reader import CatalogReader
from backstage_py.plugins.catalog.rows import (
    EntityChip,
    EntityRow,
    build_chip,
    build_row,
    list_targets,
    web_address,
)
from backstage_py.plugins.catalog.store import RegisteredLocation
from backstage_py.ui.entries import Entry

SHOWN_RELATED = 50
"""The maximum number of rows in a card of related entities."""


@dataclass(frozen=True)
class LinkRow:
    """An external link."""

    title: str
    url: str


@dataclass(frozen=True)
class RelatedRows:
    """Related entities of one relation and kind, and how many more there are."""

    rows: list[EntityRow] = field(default_factory=list)
    hidden: int = 0


@dataclass(frozen=True)
class EntityDetails:
    """The data of an entity's page.

    `related` maps a relation and a kind, such as `hasPart component`, to rows; `offered_paths` maps
    the names of other plugins' links to their targets. `removal` says how the entity can be
    removed: `location`, `orphan`, or empty.
    """

    row: EntityRow = field(default_factory=EntityRow)
    trail: list[EntityChip] = field(default_factory=list)
    domains: list[EntityChip] = field(default_factory=list)
    parents: list[EntityChip] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    labels: list[Entry] = field(default_factory=list)
    links: list[LinkRow] = field(default_factory=list)
    related: dict[str, RelatedRows] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    is_orphan: bool = False
    source_url: str = ""
    template_path: str = ""
    offered_paths: dict[str, str] = field(default_factory=dict)
    location: str = ""
    origin: str = ""
    removal: str = ""
    location_id: str = ""
    colocated: list[EntityChip] = field(default_factory=list)
    ancestors: list[EntityChip] = field(default_factory=list)
    as_yaml: str = ""
    as_json: str = ""


def build_details(
    catalog: CatalogReader,
    entity: Entity,
    *,
    starred: Collection[str] = (),
    location: RegisteredLocation | None = None,
    colocated: Collection[Entity] = (),
) -> EntityDetails:
    """Build the data of an entity's page.

    Args:
        catalog: The catalog as the user may see it.
        entity: The entity.
        starred: The references of the user's stars.
        location: The registered location that the entity came from, if any.
        colocated: The entities that came from the same location.
    """
    wire = entity.to_wire()
    is_orphan = entity.annotations.get(ORPHAN) == "true"
    return EntityDetails(
        row=build_row(catalog, entity, starred=starred),
        trail=_build_trail(catalog, entity),
        domains=_build_chips(catalog, entity, "partOf", "domain"),
        parents=_build_chips(catalog, entity, "partOf", "component"),
        targets=list_targets(entity),
        labels=list(starmap(Entry, entity.labels.items())),
        links=[LinkRow(link.title, link.url) for link in entity.links],
        related=dict(_build_related(catalog, entity)),
        problems=[item.message for item in entity.status],
        missing=catalog.list_dangling(entity),
        is_orphan=is_orphan,
        source_url=_find_source(entity),
        template_path=_find_template(entity),
        offered_paths=find_paths(entity),
        location=entity.annotations.get(MANAGED_BY_LOCATION, ""),
        origin=entity.annotations.get(MANAGED_BY_ORIGIN_LOCATION, ""),
        removal="orphan" if is_orphan else "location" if location else "",
        location_id=location.id if location else "",
        colocated=[EntityChip(str(one.ref), one.ref.page_path) for one in colocated],
        ancestors=[
            EntityChip(one.entity_ref, one.ref.page_path)
            for one, _ in catalog.list_ancestors(entity)[1:]
        ],
        as_yaml=_to_yaml(wire),
        as_json=json.dumps(wire, indent=2, ensure_ascii=False),
    )


def _build_related(catalog: CatalogReader, entity: Entity) -> Iterator[tuple[str, RelatedRows]]:
    found: dict[str, list[Entity]] = {}
    for one in catalog.list_related(entity):
        target = catalog.find_by_ref(str(one.ref))
        if target is not None:
            found.setdefault(f"{one.relation_type} {target.kind.lower()}", []).append(target)
    for key, targets in found.items():
        targets.sort(key=lambda one: one.title.casefold())
        rows = [build_row(catalog, one) for one in targets[:SHOWN_RELATED]]
        yield key, RelatedRows(rows, len(targets) - len(rows))


def _build_chips(
    catalog: CatalogReader, entity: Entity, relation: str, kind: str
) -> list[EntityChip]:
    related = catalog.list_related(entity, relation)
    return [build_chip(one) for one in related if one.ref.kind.lower() == kind]


def _build_trail(catalog: CatalogReader, entity: Entity) -> list[EntityChip]:
    """The breadcrumbs: the entities that it is part of, the outermost first."""
    trail: list[EntityChip] = []
    seen = {entity.entity_ref}
    parent: Entity | None = entity
    while parent is not None:
        parent = _find_whole(catalog, parent)
        if parent is None or parent.entity_ref in seen:
            break
        seen.add(parent.entity_ref)
        trail.insert(0, EntityChip(parent.title, parent.ref.page_path))
    return trail


def _find_whole(catalog: CatalogReader, entity: Entity) -> Entity | None:
    targets = [*entity.list_targets("partOf"), *entity.list_targets("childOf")]
    return next((one for ref in targets if (one := catalog.find_by_ref(ref))), None)


def _find_source(entity: Entity) -> str:
    """The address of the source: `source-location`, else the descriptor itself."""
    for key in ("backstage.io/source-location", MANAGED_BY_LOCATION):
        type_, _, target = entity.annotations.get(key, "").partition(":")
        if type_ == "url" and (url := web_address(target)):
            return url
    return ""


def _find_template(entity: Entity) -> str:
    text = entity.annotations.get("backstage.io/source-template", "")
    try:
        ref = EntityRef.parse(text, default_kind="Template") if text else None
    except EntityRefError:
        return ""
    return ref.page_path if ref else ""


class _Dumper(yaml.CSafeDumper):
    """Writes repeated values in full, instead of as YAML aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # ruff: ignore[unused-method-argument]
        return True


def _to_yaml(content: Mapping[str, Any]) -> str:
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False)
