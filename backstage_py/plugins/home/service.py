"""What the start page shows, out of the catalog's public service."""

from dataclasses import dataclass

from backstage_py.plugins.catalog.service import CatalogService, EntityFilter, EntityRef

SHOWN_ENTITIES = 8


@dataclass(frozen=True)
class KindCount:
    """How much there is of a kind."""

    kind: str
    count: int


@dataclass(frozen=True)
class OwnedEntity:
    """Something that the user or a team of theirs owns."""

    title: str
    kind: str
    path: str


def count_kinds(catalog: CatalogService) -> list[KindCount]:
    """The kinds of the catalog, the largest first."""
    counts = [KindCount(one.value, one.count) for one in catalog.facets().kinds]
    return sorted(counts, key=lambda one: (-one.count, one.kind))


def list_owned(catalog: CatalogService, user: str) -> list[OwnedEntity]:
    """The first entities that the user or one of their groups owns, by title."""
    owners = _owners(catalog, user)
    if not owners:
        return []
    page = catalog.list_entities(EntityFilter(owners=owners), limit=SHOWN_ENTITIES)
    return [
        OwnedEntity(
            title=entity.title,
            kind=entity.kind,
            path=entity.ref.page_path,
        )
        for entity in page.items
    ]


def _owners(catalog: CatalogService, user: str) -> tuple[str, ...]:
    if not user:
        return ()
    entity = catalog.find_entity(*EntityRef.parse(user, default_kind="User"))
    return (user, *entity.list_targets("memberOf")) if entity else (user,)
