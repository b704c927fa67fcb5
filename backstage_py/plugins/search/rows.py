"""The rows of the search's pages: flat, typed, ready for the browser."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from backstage_py.plugins.catalog.api import CatalogReader, FacetValue, title_of
from backstage_py.plugins.search.highlight import Segment, highlight, highlight_excerpt
from backstage_py.plugins.search.query import SearchResult, SearchResultSet


@dataclass(frozen=True)
class ResultRow:
    """A result; title and excerpt are also given as segments, to mark matches."""

    title: str
    path: str
    rank: int
    type: str
    kind: str
    lifecycle: str
    owner: str
    title_parts: list[Segment] = field(default_factory=list)
    excerpt: list[Segment] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """A filter's value."""

    value: str
    text: str
    is_chosen: bool


def build_rows(found: SearchResultSet, catalog: CatalogReader) -> list[ResultRow]:
    """Make the rows of a page of results, for a reader of the catalog."""
    return [_build_row(result, found, catalog) for result in found.results]


def build_choices(
    values: Sequence[FacetValue], chosen: Sequence[str], catalog: CatalogReader
) -> list[Choice]:
    """Make the choices of a filter, for a reader of the catalog."""
    taken = {value.casefold() for value in chosen}
    return [
        Choice(one.value, title_of(catalog, one.value), one.value.casefold() in taken)
        for one in values
    ]


def _build_row(result: SearchResult, found: SearchResultSet, catalog: CatalogReader) -> ResultRow:
    document = result.document
    return ResultRow(
        title=document.title,
        path=document.location,
        rank=result.rank,
        type=document.type,
        kind=document.kind,
        lifecycle=document.lifecycle,
        owner=title_of(catalog, document.owner),
        title_parts=highlight(document.title, found.words),
        excerpt=highlight_excerpt(document.text, found.words),
    )
