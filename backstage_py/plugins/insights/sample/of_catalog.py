"""The company of a sample history, and what the engine may know of people: out of the catalog."""

import re

from backstage_py.plugins.catalog.api import CatalogService, Entity, EntityFilter
from backstage_py.plugins.insights.sample import Company, SampleTemplate, Thing

DOCS_ANNOTATION = "backstage.io/techdocs-ref"
TIME_SAVED_ANNOTATION = "backstage.io/time-saved"
MAX_DOCUMENTED = 8

_VISITED_KINDS = ("Component", "API", "System", "Resource", "Domain", "Group")
_HOURS = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:\d+S)?)?")
_GUEST = "guest"


def build_company(catalog: CatalogService) -> Company:
    """The catalog's teams, people and things; the guest is anonymous."""
    groups = _list(catalog, "Group")
    parents = {ref for group in groups for ref in group.list_targets("childOf")}
    teams = [group.entity_ref for group in groups if group.entity_ref not in parents]
    things = [thing for kind in _VISITED_KINDS for thing in map(_thing, _list(catalog, kind))]
    annotated = [
        _thing(entity)
        for kind in _VISITED_KINDS
        for entity in _list(catalog, kind)
        if DOCS_ANNOTATION in entity.annotations
    ]
    components = [thing for thing in things if thing.kind == "component"]
    return Company(
        teams=teams,
        known=[
            (user.name.lower(), next(iter(user.list_targets("memberOf")), ""))
            for user in _list(catalog, "User")
            if user.name.lower() != _GUEST
        ],
        things=things,
        documented=annotated or components[:MAX_DOCUMENTED],
        templates=[_template(entity) for entity in _list(catalog, "Template")],
    )


def _list(catalog: CatalogService, kind: str) -> tuple[Entity, ...]:
    return catalog.list_entities(EntityFilter(kind=kind), limit=None).items


def _thing(entity: Entity) -> Thing:
    owner = next(iter(entity.list_targets("ownedBy")), "")
    return Thing(entity.entity_ref, entity.title, owner)


def _template(entity: Entity) -> SampleTemplate:
    pages = entity.spec.get("parameters")
    steps = len(pages) if isinstance(pages, list) else 1
    return SampleTemplate(_thing(entity), steps, _minutes(entity))


def _minutes(entity: Entity) -> float | None:
    """The time that a run saves, where the template says it in days, hours and minutes."""
    found = _HOURS.fullmatch(entity.annotations.get(TIME_SAVED_ANNOTATION, ""))
    if found is None or not any(found.groups()):
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return days * 1440 + hours * 60 + minutes
