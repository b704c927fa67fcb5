"""Searching within one documentation."""

from types import SimpleNamespace
from typing import Any, Self, cast

import pytest
from sqlalchemy.exc import OperationalError

from backstage_py.plugins.search.api import SearchDocument, SearchQuery, SearchResultSet
from backstage_py.plugins.search.query import SearchResult
from backstage_py.plugins.techdocs.state import site_search_state
from backstage_py.plugins.techdocs.state.site_search_state import NO_ANSWER, SiteSearchState
from tests.loops import run
from tests.unit.plugins.techdocs.conftest import Docs


class Shown(SimpleNamespace):
    """The state that a running handler sees."""

    _forget = SiteSearchState._forget

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


class Search:
    """Finds one page, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[SearchQuery] = []

    def query(self, query: SearchQuery) -> SearchResultSet:
        self.asked.append(query)
        if query.term == "broken":
            raise OperationalError("SELECT", {}, OSError("disk"))
        page = SearchDocument("techdocs", "k", "Setup | Shop docs", "text", "/docs/x")
        return SearchResultSet((SearchResult(page, 1),), 1)


@pytest.fixture
def search(docs: Docs, monkeypatch: pytest.MonkeyPatch) -> Search:
    docs.entity()
    search = Search()
    monkeypatch.setattr(site_search_state, "ask_as", lambda _user, query: search.query(query))
    monkeypatch.setattr(site_search_state, "current_user", lambda _state: "user:default/ann")
    monkeypatch.setattr(site_search_state, "see_catalog", lambda _user: docs.catalog)
    return search


def ask(shown: Shown, term: str) -> None:
    handler = cast("Any", SiteSearchState.event_handlers["search"]).fn
    run(handler(shown, term, "default", "component", "shop"))


def test_only_this_documentation_is_searched_and_its_name_is_left_out(search: Search) -> None:
    shown = Shown(term="")
    ask(shown, "set")

    assert search.asked[0].types == ("techdocs",)
    assert search.asked[0].filters == {
        "namespace": ("default",),
        "kind": ("component",),
        "name": ("shop",),
    }
    assert [(row.title, row.rank) for row in shown.rows] == [("Setup", 1)]
    assert (shown.total, shown.answered_term) == (1, "set")
    assert shown.answer


def test_the_same_term_is_not_asked_again_and_none_forgets(search: Search) -> None:
    shown = Shown(term="")
    ask(shown, "set")
    ask(shown, "set ")
    assert len(search.asked) == 1

    ask(shown, "")
    assert (shown.rows, shown.answer, shown.term) == ([], "", "")


def test_a_database_that_is_down_is_reported_and_does_not_count_as_a_search(search: Search) -> None:
    shown = Shown(term="")
    ask(shown, "broken")

    assert (shown.message, shown.answer, shown.total) == (NO_ANSWER, "", 0)
