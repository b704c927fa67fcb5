"""The public API of this plugin, for other plugins."""

from backstage_py.plugins.search.document import SearchDocument
from backstage_py.plugins.search.highlight import Segment, highlight, highlight_excerpt
from backstage_py.plugins.search.query import MAX_TERM, SearchQuery, SearchResultSet
from backstage_py.plugins.search.routes import SEARCH
from backstage_py.plugins.search.service import ask_as, get_search

__all__ = [
    "MAX_TERM",
    "SEARCH",
    "SearchDocument",
    "SearchQuery",
    "SearchResultSet",
    "Segment",
    "ask_as",
    "get_search",
    "highlight",
    "highlight_excerpt",
]
