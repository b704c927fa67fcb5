"""The index of documentation as its handlers change it, on the demo company."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from backstage_py.analytics import Recorder, open_engine
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.stars import Stars
from backstage_py.plugins.catalog.state import entity_listing
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.plugins.techdocs.index_query import DocsQuery
from backstage_py.plugins.techdocs.service import TechDocsService
from backstage_py.plugins.techdocs.state import index_state
from backstage_py.plugins.techdocs.state.index_state import TechDocsIndexState
from tests.conftest import PROJECT

TUVA = "user:default/tuva.lindqvist"
BOARDS = "component:default/departure-boards"
Call = Callable[..., Any]


@pytest.fixture
def stars(tmp_path: Path) -> Iterator[Stars]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})
    yield Stars(CatalogStore(engine))
    engine.dispose()


@pytest.fixture
def page() -> TechDocsIndexState:
    return cast("Any", TechDocsIndexState)(_reflex_internal_init=True)


@pytest.fixture
def captured() -> list[tuple[Any, ...]]:
    return []


@pytest.fixture
def call(
    page: TechDocsIndexState,
    stars: Stars,
    captured: list[tuple[Any, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> Call:
    """Calls an event handler as Tuva."""
    location = {"type": "file", "target": "demo/catalog/all.yaml"}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    monkeypatch.setattr(index_state, "visible_catalog", lambda _state: catalog)
    monkeypatch.setattr(index_state, "get_techdocs", lambda: TechDocsService(catalog))
    monkeypatch.setattr(entity_listing, "get_stars", lambda: stars)
    monkeypatch.setattr(
        entity_listing,
        "capture",
        lambda action, subject, **attributes: captured.append((action, subject, attributes)),
    )
    monkeypatch.setattr(Recorder, "identify", lambda _self, _headers: TUVA)

    def call_handler(name: str, *arguments: Any) -> Any:
        return cast("Any", TechDocsIndexState.event_handlers[name]).fn(page, *arguments)

    page._show(DocsQuery())
    return call_handler


def titles(page: TechDocsIndexState) -> list[str]:
    return [row.title for row in page.rows]


def test_documented_entities_are_listed_with_their_facts(
    page: TechDocsIndexState, call: Call
) -> None:
    row = next(one for one in page.rows if one.ref == BOARDS)

    assert "Live Information" in titles(page)
    assert "Booking Service" not in titles(page)
    assert page.user_counts["all"] == page.total == len(page.rows)
    assert (row.path, row.kind, row.type) == (
        "/docs/default/component/departure-boards",
        "Component",
        "website",
    )
    assert [one.title for one in row.owners] == ["Passenger Information"]


def test_filters_narrow_the_list_and_are_in_the_address(
    page: TechDocsIndexState, call: Call, captured: list[tuple[Any, ...]]
) -> None:
    event = call("toggle", "tags", "accessibility")
    assert captured == [("filter", "tags", {"value": "accessibility"})]
    assert titles(page) == ["Departure Boards", "Fjord Design System"]
    assert "filters[tags]=accessibility" in str(event)

    call("toggle", "owners", "user:default/leila.haddad")
    assert titles(page) == ["Fjord Design System"]
    assert [one.text for one in page.options["owners"] if one.is_chosen] == ["Leila Haddad"]

    call("toggle", "tags", "ACCESSIBILITY")
    call("search", "fjord nothing")
    assert titles(page) == []

    call("clear")
    assert page.total == page.user_counts["all"]
    assert call("toggle", "nonsense", "x") is None


def test_users_own_what_their_groups_own(page: TechDocsIndexState, call: Call) -> None:
    call("choose_user_list", "owned")

    owners = {owner.title for row in page.rows for owner in row.owners}
    assert len(page.rows) == page.user_counts["owned"]
    assert len(owners) <= 1
