"""The rows of the API pages: flat, typed, ready for the browser."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from backstage_py.plugins.catalog.api import CatalogReader, Entity, FacetValue, title_of
from backstage_py.portal.plain_text import plain_text


@dataclass(frozen=True)
class Mention:
    """A link to an entity, and whether it exists."""

    title: str
    path: str
    exists: bool


@dataclass(frozen=True)
class ApiRow:
    """An API, or a component that provides or consumes one."""

    title: str
    path: str
    type: str
    lifecycle: str
    description: str
    owners: list[Mention] = field(default_factory=list)
    systems: list[Mention] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """A filter's value."""

    value: str
    text: str


def build_row(catalog: CatalogReader, entity: Entity) -> ApiRow:
    """The row of an API or a component."""
    return ApiRow(
        entity.title,
        entity.ref.page_path,
        entity.type,
        entity.lifecycle,
        plain_text(entity.description),
        _build_mentions(catalog, entity, "ownedBy"),
        _build_mentions(catalog, entity, "partOf"),
        list(entity.tags),
    )


def build_related(catalog: CatalogReader, entity: Entity, relation: str) -> list[ApiRow]:
    """The rows of the entities of one relation, by title."""
    found = (catalog.find_by_ref(ref) for ref in entity.list_targets(relation))
    targets = sorted((one for one in found if one), key=lambda one: one.title.casefold())
    return [build_row(catalog, one) for one in targets]


def build_choices(values: Iterable[FacetValue]) -> list[Choice]:
    """The values of a filter, each with the number of APIs that have it."""
    return [Choice(one.value, f"{one.value} ({one.count})") for one in values]


def build_owner_choices(catalog: CatalogReader, values: Iterable[FacetValue]) -> list[Choice]:
    """The owners to filter by, with their names."""
    return [Choice(one.value, f"{title_of(catalog, one.value)} ({one.count})") for one in values]


def _build_mentions(catalog: CatalogReader, entity: Entity, relation: str) -> list[Mention]:
    return [
        Mention(one.title, one.ref.page_path, one.exists)
        for one in catalog.list_related(entity, relation)
    ]
