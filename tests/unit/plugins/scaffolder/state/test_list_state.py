"""The list of templates as its handlers change it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from backstage_py.analytics import Recorder, open_engine
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.stars import Stars
from backstage_py.plugins.catalog.state import entity_listing
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.plugins.scaffolder.state import list_state
from backstage_py.plugins.scaffolder.state.list_state import TemplateListState
from backstage_py.plugins.scaffolder.templates.query import TemplateQuery
from backstage_py.plugins.scaffolder.templates.template import (
    Template,
    TemplateFacets,
    TemplateFilter,
)
from tests.conftest import PROJECT

ANN = "user:default/ann"
REF = "template:default/service"

Call = Callable[..., Any]


class FakeScaffolder:
    """Has two templates, and filters them by their references and types."""

    templates = (
        Template(REF, "default", "service", "Service", "", "service"),
        Template("template:default/site", "default", "site", "Site", "", "website"),
    )

    def list_templates(self, wanted: TemplateFilter, *, user: str) -> list[Template]:
        assert user == ANN
        return [
            one
            for one in self.templates
            if (wanted.refs is None or one.entity_ref in wanted.refs)
            and (not wanted.types or one.type in wanted.types)
        ]

    def facets(self, *, user: str) -> TemplateFacets:
        assert user == ANN
        return TemplateFacets(types=(("service", 1), ("website", 1)))


@pytest.fixture
def captured() -> list[tuple[Any, ...]]:
    return []


@pytest.fixture
def page() -> TemplateListState:
    return cast("Any", TemplateListState)(_reflex_internal_init=True)


@pytest.fixture
def call(
    page: TemplateListState,
    captured: list[tuple[Any, ...]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Call]:
    """Calls an event handler as Ann."""
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})
    stars = Stars(CatalogStore(engine))
    catalog = CatalogService.from_config([], base_dir=PROJECT)
    monkeypatch.setattr(entity_listing, "visible_catalog", lambda _state: catalog)
    monkeypatch.setattr(entity_listing, "get_stars", lambda: stars)
    monkeypatch.setattr(list_state, "get_scaffolder", FakeScaffolder)
    monkeypatch.setattr(Recorder, "identify", lambda _self, _headers: ANN)
    monkeypatch.setattr(
        entity_listing,
        "capture",
        lambda action, subject, **attributes: captured.append((action, subject, attributes)),
    )

    def call_handler(name: str, *arguments: Any) -> Any:
        return cast("Any", TemplateListState.event_handlers[name]).fn(page, *arguments)

    page._show(TemplateQuery())
    yield call_handler
    engine.dispose()


def test_a_filter_is_written_into_the_address(page: TemplateListState, call: Call) -> None:
    wanted = call("toggle", "types", "website")

    assert [one.title for one in page.cards] == ["Site"]
    assert [one.value for one in page.types if one.is_chosen] == ["website"]
    assert "?filters[type]=website" in str(wanted)

    call("toggle", "types", "Website")
    assert len(page.cards) == 2
    assert not page.has_filters


def test_starred_templates_are_found_again(
    page: TemplateListState, call: Call, captured: list[tuple[Any, ...]]
) -> None:
    call("star", REF)
    call("choose_user_list", "starred")

    assert [(one.ref, one.is_starred) for one in page.cards] == [(REF, True)]
    assert captured[0] == ("star", REF, {"entityRef": REF})

    call("star", REF)
    assert page.cards == []
    assert captured[-1] == ("unstar", REF, {"entityRef": REF})


def test_clearing_shows_everything(page: TemplateListState, call: Call) -> None:
    call("search", "x")
    call("choose_user_list", "starred")
    call("clear")

    assert (page.text, page.user_list, len(page.cards)) == ("", "all", 2)
