"""The answers shown while several queries are running."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any, Self, cast

import pytest
from sqlalchemy.exc import OperationalError

from backstage_py.plugins.search.api import SearchQuery, SearchResultSet
from backstage_py.plugins.search.page_query import PageQuery
from backstage_py.plugins.search.query import SearchResult
from backstage_py.plugins.search.state import query_state
from backstage_py.plugins.search.state.query_state import NO_ANSWER, QueryState
from tests.loops import run
from tests.unit.plugins.search.conftest import document


class Shown(SimpleNamespace):
    """The state that a running handler sees."""

    _show = QueryState._show

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


class Search:
    """Finds what was asked for, as slowly as a test wants."""

    def __init__(self) -> None:
        self.slow = threading.Event()
        self.is_asked = threading.Event()

    def query(self, query: SearchQuery) -> SearchResultSet:
        if query.term == "slow":
            self.is_asked.set()
            self.slow.wait(5)
        if query.term == "broken":
            raise OperationalError("SELECT", {}, OSError("disk"))
        return SearchResultSet((SearchResult(document(query.term), 1),), 1)


@pytest.fixture
def search(monkeypatch: pytest.MonkeyPatch) -> Search:
    search = Search()
    monkeypatch.setattr(query_state, "ask_as", lambda _user, query: search.query(query))
    monkeypatch.setattr(query_state, "current_user", lambda _state: "user:default/ann")
    empty = SimpleNamespace(find_by_ref=lambda _ref: None)
    monkeypatch.setattr(query_state, "visible_catalog", lambda _state: empty)
    return search


def ask(shown: Shown, term: str) -> Any:
    return cast("Any", QueryState._ask)(shown, PageQuery(term=term))


def test_an_answer_that_is_overtaken_is_not_shown(search: Search) -> None:
    shown = Shown()

    async def type_on() -> None:
        slow = asyncio.create_task(ask(shown, "slow"))
        await asyncio.to_thread(search.is_asked.wait, 5)
        await ask(shown, "fast")
        search.slow.set()
        await slow

    run(type_on())

    assert (shown.answered_term, [row.title for row in shown.rows]) == ("fast", ["fast"])


def test_each_answer_to_a_term_has_an_id_and_a_list_of_everything_has_none(search: Search) -> None:
    shown = Shown()
    answers = []
    for term in ("a", "a", "  "):
        run(ask(shown, term))
        answers.append(shown.answer)

    assert answers[0] != answers[1]
    assert answers[2] == ""  # ruff: ignore[compare-to-empty-string]


def test_a_database_that_is_down_is_reported_and_does_not_count_as_a_search(search: Search) -> None:
    shown = Shown()
    run(ask(shown, "broken"))

    assert (shown.message, shown.answer, shown.total) == (NO_ANSWER, "", 0)
