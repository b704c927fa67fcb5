"""The company of a sample history, from the catalog."""

from backstage_py.plugins.catalog.api import CatalogService, Entity, EntityFilter
from backstage_py.plugins.insights.sample import Company, SampleTemplate, Thing
from backstage_py.plugins.scaffolder.api import TIME_SAVED_ANNOTATION, minutes_saved

DOCS_ANNOTATION = "backstage.io/techdocs-ref"
MAX_DOCUMENTED = 8

_VISITED_KINDS = ("Component", "API", "System", "Resource", "Domain", "Group")
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
    saved = minutes_saved(entity.annotations.get(TIME_SAVED_ANNOTATION))
    return SampleTemplate(_thing(entity), steps, saved)
