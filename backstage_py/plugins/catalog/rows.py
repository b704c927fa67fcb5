"""The rows of the catalog's pages: flat, typed, ready for the browser."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from backstage_py.plugins.catalog.errors import ProcessingError
from backstage_py.plugins.catalog.index.facets import FacetValue
from backstage_py.plugins.catalog.index.search_index import HAS_ERROR, IS_ORPHAN
from backstage_py.plugins.catalog.model.entity import Entity
from backstage_py.plugins.catalog.model.entity_ref import EntityRef
from backstage_py.plugins.catalog.reader import CatalogReader, RelatedEntity
from backstage_py.plugins.catalog.sources.locations import list_entity_locations
from backstage_py.portal.plain_text import plain_text

SHOWN_OPTIONS = 12
"""How many values a filter shows; the rest is found by searching."""
STATUS_TEXTS = {IS_ORPHAN: "Is orphan", HAS_ERROR: "Has error"}


@dataclass(frozen=True)
class EntityChip:
    """A link to an entity: its name and the path of its page."""

    title: str
    path: str
    exists: bool = True


@dataclass(frozen=True)
class Option:
    """A filter's value and its text."""

    value: str
    text: str
    count: int = 0
    is_chosen: bool = False


@dataclass(frozen=True)
class Picker:
    """The values of one filter; `hidden` is how many more can be searched for."""

    name: str
    title: str
    options: list[Option]
    chosen: int = 0
    hidden: int = 0
    has_search: bool = False


@dataclass(frozen=True)
class EntityRow:
    """A row of the index; `summary` is the description without its Markdown."""

    ref: str = ""
    title: str = ""
    path: str = ""
    kind: str = ""
    type: str = ""
    lifecycle: str = ""
    description: str = ""
    summary: str = ""
    namespace: str = ""
    targets: str = ""
    view_url: str = ""
    edit_url: str = ""
    is_starred: bool = False
    owners: list[EntityChip] = field(default_factory=list)
    systems: list[EntityChip] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ProblemRow:
    """A broken rule in a source."""

    entity: EntityChip
    place: str
    field: str
    rule: str
    value: str


def build_problem(catalog: CatalogReader, error: ProcessingError) -> ProblemRow:
    """The row of a processing error."""
    entity = catalog.find_by_ref(error.entity_ref)
    chip = EntityChip(error.entity_ref or "none", "", exists=False)
    if entity is not None:
        chip = EntityChip(entity.title, entity.ref.page_path)
    place = error.file if error.line is None else f"{error.file}:{error.line}"
    return ProblemRow(chip, place, error.field, error.rule, error.value)


def build_row(
    catalog: CatalogReader, entity: Entity, *, starred: Collection[str] = ()
) -> EntityRow:
    """The row of an entity; `starred` are the references of the user's stars."""
    return EntityRow(
        ref=entity.entity_ref,
        title=entity.title,
        path=entity.ref.page_path,
        kind=entity.kind,
        type=entity.type,
        lifecycle=entity.lifecycle,
        description=entity.description,
        summary=plain_text(entity.description),
        namespace=entity.namespace,
        targets=", ".join(list_targets(entity)),
        view_url=web_address(entity.annotations.get("backstage.io/view-url", "")),
        edit_url=web_address(entity.annotations.get("backstage.io/edit-url", "")),
        is_starred=entity.entity_ref in starred,
        owners=[build_chip(one) for one in catalog.list_related(entity, "ownedBy")],
        systems=[
            build_chip(one)
            for one in catalog.list_related(entity, "partOf")
            if one.ref.kind.lower() == "system"
        ],
        tags=list(entity.tags),
    )


def build_kinds(values: Iterable[FacetValue]) -> list[Option]:
    """The kinds to choose from; their values are in lower case, as in addresses."""
    return [Option(one.value.lower(), one.value, one.count) for one in values]


def title_of(catalog: CatalogReader, value: str) -> str:
    """The text of a filter's value, as the reader of a catalog may see it.

    A reference is shown as the entity's title, or in a short form if the entity is not in the
    catalog or hidden; any other value stays as it is.

    Raises:
        EntityRefError: If it has a colon and is not a reference.
    """
    if ":" not in value:
        return value
    entity = catalog.find_by_ref(value)
    return entity.title if entity else EntityRef.parse(value).humanize(default_kind="Group")


def plural(kind: str) -> str:
    """The plural name of a kind."""
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def build_types(values: Iterable[FacetValue]) -> list[Option]:
    """The types to choose from."""
    return [Option(one.value.lower(), f"{one.value} ({one.count})") for one in values]


def build_picker(
    name: str,
    title: str,
    values: Iterable[FacetValue],
    *,
    chosen: Collection[str],
    text: str = "",
    name_owner: Callable[[str], str] = str,
) -> Picker:
    """A filter that takes several values.

    Those that are chosen come first, then the most frequent ones; `text` narrows them. `name_owner`
    returns the name of an owner.
    """
    wanted = {value.lower() for value in chosen}
    write = name_owner if name == "owners" else _write_value
    options = [
        Option(one.value, write(one.value), one.count, one.value.lower() in wanted)
        for one in values
    ]
    options.sort(key=lambda one: (not one.is_chosen, -one.count, one.text.casefold()))
    words = text.lower().split()
    found = [
        one for one in options if one.is_chosen or all(word in one.text.lower() for word in words)
    ]
    return Picker(
        name,
        title,
        found[:SHOWN_OPTIONS],
        chosen=sum(one.is_chosen for one in options),
        hidden=max(0, len(found) - SHOWN_OPTIONS),
        has_search=len(options) > SHOWN_OPTIONS,
    )


def list_targets(entity: Entity) -> list[str]:
    """The targets of a `Location`, as written; empty for other kinds."""
    return [location.target for location in list_entity_locations(entity)]


def _write_value(value: str) -> str:
    return STATUS_TEXTS.get(value, value)


def web_address(url: str) -> str:
    """The address if it leads to a web page, else nothing."""
    return url if urlsplit(url).scheme in {"http", "https"} else ""


def build_chip(related: RelatedEntity) -> EntityChip:
    """The link to a related entity."""
    return EntityChip(title=related.title, path=related.ref.page_path, exists=related.exists)
