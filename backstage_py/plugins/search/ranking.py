"""The order of results: exact titles first, then documents with the words in their name.

Four sets, each within the next: the whole title is the term; the title or name has all the words;
it has words that begin so; the words are anywhere. Inside of a set the engine's own rank decides,
unless the set is so large that its order says nothing.
"""

from collections.abc import Iterator

from sqlalchemy import Connection

from backstage_py.plugins.search.engine import SearchEngine
from backstage_py.plugins.search.match import Match

RANKED_AT_MOST = 5_000
"""The largest set that is scored: each document costs a microsecond."""


def rank_page(
    engine: SearchEngine,
    connection: Connection,
    match: Match,
    *,
    title_facet: str,
    offset: int,
    limit: int,
) -> list[int]:
    """List the ids of one page of a set, in the order above."""
    ids: list[int] = []
    passed = 0
    inner, inner_count = None, 0
    for tier in _list_tiers(match, title_facet):
        outer_count = engine.count(connection, tier)
        count = outer_count - inner_count
        start = max(0, offset + len(ids) - passed)
        if start < count and len(ids) < limit:
            ids += engine.find(
                connection,
                tier,
                but=inner if inner_count else None,
                is_ranked=count <= RANKED_AT_MOST,
                offset=start,
                limit=min(limit - len(ids), count - start),
            )
        passed += count
        inner, inner_count = tier, outer_count
        if len(ids) == limit:
            break
    return ids


def _list_tiers(match: Match, title_facet: str) -> Iterator[Match]:
    if match.words:
        named = match.within_names()
        if not match.any_word:
            yield named.with_whole_words().called(title_facet)
        yield named.with_whole_words()
        yield named
    yield match
