"""Searching among 100,000 documents, beside the same engine that scores all it finds.

Words are as frequent as in a language (Zipf). The terms are what people type: a word, the beginning
of one, two words, a typing error, a word with a filter.
"""

import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text

from backstage_py.analytics import open_engine
from backstage_py.plugins.search.api import SearchDocument, SearchQuery
from backstage_py.plugins.search.service import SearchService
from backstage_py.plugins.search.store import SearchStore

DOCUMENTS = 100_000
QUERIES = 400
WORDS = 30_000
TEXT_WORDS = 60

_SCORE_ALL = text(
    "SELECT rowid FROM search_words WHERE search_words MATCH :match ORDER BY rank LIMIT 25"
)


class _Corpus:
    """Documents out of words that are as frequent as those of a language."""

    type = "software-catalog"

    def __init__(self) -> None:
        self._chance = random.Random(1)
        letters = "abcdefghijklmnoprstu"
        self.words = [
            "".join(self._chance.choices(letters, k=self._chance.randint(3, 10)))
            for _ in range(WORDS)
        ]
        self._weights = list(itertools.accumulate(1 / rank for rank in range(1, WORDS + 1)))

    def version(self) -> int:
        return 1

    def collate(self) -> Iterator[SearchDocument]:
        for number in range(DOCUMENTS):
            title = " ".join(self.pick(3))
            yield SearchDocument(
                type=self.type,
                key=str(number),
                title=title,
                text=" ".join(self.pick(TEXT_WORDS)),
                location=f"/catalog/default/component/{number}",
                name=title.replace(" ", "-"),
                kind=("Component", "API", "System", "Resource")[number % 4],
                lifecycle=("production", "experimental")[number % 2],
                owner=f"group:default/team-{number % 500}",
            )

    def pick(self, count: int) -> list[str]:
        return self._chance.choices(self.words, cum_weights=self._weights, k=count)

    def ask(self, number: int) -> SearchQuery:
        first, second = self.pick(2)
        kinds = (
            SearchQuery(first),
            SearchQuery(first[:3]),
            SearchQuery(f"{first} {second}"),
            SearchQuery(f"{first[:-1]}x"),
            SearchQuery(first, filters={"kind": ("API",), "lifecycle": ("production",)}),
        )
        return kinds[number % len(kinds)]


def measure() -> Iterator[dict[str, Any]]:
    """Index once, then ask."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine({"DATABASE_URL": f"sqlite:///{Path(folder) / 'search.db'}"})
        corpus, search = _Corpus(), SearchService(SearchStore(engine))
        search.register(corpus)
        indexing = _time(search.refresh)
        queries = [corpus.ask(number) for number in range(QUERIES)]
        ours, all_scored = [], []
        with engine.connect() as connection:
            for query in queries:
                match = {"match": f'"{query.words[0]}" *'}
                ours.append(_time(lambda query=query: search.query(query)))
                all_scored.append(_time(lambda: connection.execute(_SCORE_ALL, match).all()))  # ruff: ignore[function-uses-loop-variable]
        engine.dispose()
    yield {
        "benchmark": "search",
        "documents": DOCUMENTS,
        "seconds_to_index": round(indexing, 1),
        "milliseconds_median": round(statistics.median(ours) * 1000, 1),
        "milliseconds_p95": round(_p95(ours) * 1000, 1),
        "p95_beside_scoring_all": round(_p95(ours) / _p95(all_scored), 2),
    }


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _time(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
