"""The rows of the documentation's pages: flat, typed, ready for the browser."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from backstage_py.plugins.catalog.api import (
    CatalogReader,
    Entity,
    FacetValue,
    title_of,
)
from backstage_py.plugins.search.api import SearchResultSet, Segment, highlight, highlight_excerpt
from backstage_py.plugins.techdocs.addresses import reader_path
from backstage_py.plugins.techdocs.collator import title_suffix
from backstage_py.plugins.techdocs.repository import find_issue_url
from backstage_py.plugins.techdocs.routes import find_docs_path
from backstage_py.plugins.techdocs.service import DocsPage
from backstage_py.plugins.techdocs.site import DocsSite, NavNode, Neighbour
from backstage_py.portal.plain_text import plain_text


@dataclass(frozen=True)
class Mention:
    """A link to an entity, and whether it exists."""

    title: str
    path: str
    exists: bool


@dataclass(frozen=True)
class DocsRow:
    """A row of the index."""

    ref: str
    title: str
    path: str
    description: str
    kind: str
    type: str
    is_starred: bool
    owners: list[Mention] = field(default_factory=list)


@dataclass(frozen=True)
class Option:
    """A filter's value."""

    value: str
    text: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class SiteRow:
    """The head of a documentation; `issue_url` leads to a new issue, up to its title."""

    name: str = ""
    description: str = ""
    entity_title: str = ""
    entity_path: str = ""
    lifecycle: str = ""
    source_url: str = ""
    issue_url: str = ""
    problem: str = ""
    owners: list[Mention] = field(default_factory=list)


@dataclass(frozen=True)
class NavRow:
    """An entry of the navigation; `to` is empty for a section."""

    title: str
    to: str = ""
    children: list["NavRow"] = field(default_factory=list["NavRow"])


@dataclass(frozen=True)
class LinkRow:
    """The previous or next page."""

    title: str
    path: str


@dataclass(frozen=True)
class HeadingRow:
    """A heading; `depth` is 0 for the broadest."""

    id: str
    title: str
    depth: int


@dataclass(frozen=True)
class PageRow:
    """A page."""

    title: str = ""
    path: str = ""
    html: str = ""
    edit_url: str = ""
    problem: str = ""
    headings: list[HeadingRow] = field(default_factory=list)
    before: list[LinkRow] = field(default_factory=list)
    after: list[LinkRow] = field(default_factory=list)


@dataclass(frozen=True)
class FoundRow:
    """A result of a search within a documentation."""

    title: str
    path: str
    rank: int
    title_parts: list[Segment] = field(default_factory=list)
    excerpt: list[Segment] = field(default_factory=list)


def build_docs_row(
    catalog: CatalogReader, entity: Entity, *, starred: Collection[str] = ()
) -> DocsRow:
    """The row of an entity's documentation; `starred` are the references of the user's stars."""
    return DocsRow(
        ref=entity.entity_ref,
        title=entity.title,
        path=find_docs_path(entity),
        description=plain_text(entity.description),
        kind=entity.kind,
        type=entity.type,
        is_starred=entity.entity_ref in starred,
        owners=build_owners(catalog, entity),
    )


def build_owners(catalog: CatalogReader, entity: Entity) -> list[Mention]:
    """The owners of an entity."""
    return [
        Mention(one.title, one.ref.page_path, one.exists)
        for one in catalog.list_related(entity, "ownedBy")
    ]


def build_options(
    values: Iterable[FacetValue], chosen: Sequence[str], catalog: CatalogReader
) -> list[Option]:
    """The values of a filter for a reader of the catalog, the chosen and frequent ones first."""
    wanted = {value.casefold() for value in chosen}
    options = [
        Option(one.value, title_of(catalog, one.value), one.count, one.value.casefold() in wanted)
        for one in values
    ]
    return sorted(options, key=lambda one: (not one.is_chosen, -one.count, one.text.casefold()))


def build_site_row(catalog: CatalogReader, entity: Entity, site: DocsSite) -> SiteRow:
    """The head of a documentation."""
    return SiteRow(
        name=site.name,
        description=site.description,
        entity_title=entity.title,
        entity_path=entity.ref.page_path,
        lifecycle=entity.lifecycle,
        source_url=site.repo_url,
        issue_url=find_issue_url(site.repo_url),
        problem=site.problem,
        owners=build_owners(catalog, entity),
    )


def build_nav(site: DocsSite, base: str) -> list[NavRow]:
    """The navigation, with the addresses that pages have below `base`."""
    return [_build_nav_row(node, base) for node in site.nav]


def build_page_row(site: DocsSite, page: DocsPage, base: str) -> PageRow:
    """A page, with the addresses that pages have below `base`."""
    before, after = site.find_neighbours(page.address)
    least = min((one.level for one in page.headings[1:] if one.level > 1), default=2)
    return PageRow(
        title=page.title,
        path=reader_path(site.ref, page.address),
        html=page.html,
        edit_url=page.edit_url,
        problem=page.problem,
        headings=[
            HeadingRow(one.id, one.title, max(0, one.level - least))
            for index, one in enumerate(page.headings)
            if one.level <= least + 1 and (index or one.level > 1)
        ],
        before=_build_links(before, base),
        after=_build_links(after, base),
    )


def build_found(found: SearchResultSet, entity_title: str) -> list[FoundRow]:
    """The results of a search in one documentation, without its name."""
    suffix = title_suffix(entity_title)
    rows: list[FoundRow] = []
    for result in found.results:
        title = result.document.title.removesuffix(suffix)
        rows.append(
            FoundRow(
                title=title,
                path=result.document.location,
                rank=result.rank,
                title_parts=highlight(title, found.words),
                excerpt=highlight_excerpt(result.document.text, found.words),
            )
        )
    return rows


def locate(base: str, address: str) -> str:
    """The path of a page below `base`; an address may end with a fragment."""
    path, mark, fragment = address.partition("#")
    return f"{base}/{quote(path)}".rstrip("/") + mark + fragment


def is_web(url: str) -> bool:
    """Whether an address leads out of the portal."""
    return urlsplit(url).scheme in {"http", "https"}


def _build_nav_row(node: NavNode, base: str) -> NavRow:
    to = node.url if node.address is None else locate(base, node.address)
    return NavRow(node.title, to, [_build_nav_row(child, base) for child in node.children])


def _build_links(neighbour: Neighbour | None, base: str) -> list[LinkRow]:
    return [LinkRow(neighbour.title, locate(base, neighbour.address))] if neighbour else []
