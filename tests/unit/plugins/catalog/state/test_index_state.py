"""The index as its handlers change it, on the demo company."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError

from backstage_py.analytics import Recorder, open_engine
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.catalog.index.index_query import IndexQuery
from backstage_py.plugins.catalog.stars import Stars
from backstage_py.plugins.catalog.state import entity_listing, index_state
from backstage_py.plugins.catalog.state.index_state import CatalogIndexState
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.portal.database import NO_ANSWER
from tests.conftest import PROJECT

ANN = "user:default/ann"
Call = Callable[..., Any]


@pytest.fixture
def stars(tmp_path: Path) -> Iterator[Stars]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})
    yield Stars(CatalogStore(engine))
    engine.dispose()


@pytest.fixture
def page() -> CatalogIndexState:
    return cast("Any", CatalogIndexState)(_reflex_internal_init=True)


@pytest.fixture
def captured() -> list[tuple[Any, ...]]:
    return []


@pytest.fixture
def call(
    page: CatalogIndexState,
    stars: Stars,
    captured: list[tuple[Any, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> Call:
    """Calls an event handler as Ann."""
    location = {"type": "file", "target": "demo/catalog/all.yaml"}
    catalog = CatalogService.from_config([location], base_dir=PROJECT)
    catalog.refresh()
    monkeypatch.setattr(index_state, "visible_catalog", lambda _state: catalog)
    monkeypatch.setattr(entity_listing, "visible_catalog", lambda _state: catalog)
    monkeypatch.setattr(entity_listing, "get_stars", lambda: stars)
    monkeypatch.setattr(Recorder, "identify", lambda _self, _headers: ANN)
    monkeypatch.setattr(
        entity_listing,
        "capture",
        lambda action, subject, **attributes: captured.append((action, subject, attributes)),
    )

    def call_handler(name: str, *arguments: Any) -> Any:
        return cast("Any", CatalogIndexState.event_handlers[name]).fn(page, *arguments)

    page._show(IndexQuery())
    return call_handler


def test_another_kind_drops_the_filters_of_the_first(page: CatalogIndexState, call: Call) -> None:
    call("toggle", "lifecycles", "production")
    call("choose_type", "service")
    call("search", "fa")

    call("choose_kind", "api")

    query = IndexQuery.from_address(page.address)
    assert query == IndexQuery(kind="api", text="fa")
    assert {row.kind for row in page.rows} == {"API"}
    assert page.kind_title == "APIs"


def test_a_change_is_captured_and_written_into_the_address(
    page: CatalogIndexState, call: Call, captured: list[tuple[Any, ...]]
) -> None:
    event = call("toggle", "tags", "python")
    call("toggle", "tags", "PYTHON")

    assert "history.replaceState" in str(event)
    assert "filters[tags]=python" in str(event)
    assert captured == [
        ("filter", "tags", {"value": "python"}),
        ("filter", "tags", {"value": "PYTHON"}),
    ]
    assert "tags" not in page.address


def test_values_that_no_page_offers_are_ignored(page: CatalogIndexState, call: Call) -> None:
    before = page.address

    call("toggle", "__class__", "x")
    call("sort", "password")
    call("choose_limit", "10000000")
    call("choose_user_list", "everybody")
    call("turn", 99)
    call("turn", -99)

    assert page.address == before


def test_a_column_is_ordered_one_way_and_then_the_other(
    page: CatalogIndexState, call: Call
) -> None:
    call("sort", "owner")
    assert (page.order, page.is_descending) == ("owner", False)

    call("sort", "owner")
    assert (page.order, page.is_descending) == ("owner", True)


def test_a_star_is_kept_and_taken_away(
    page: CatalogIndexState, call: Call, stars: Stars, captured: list[tuple[Any, ...]]
) -> None:
    ref = "component:default/booking-service"

    call("star", ref)
    assert stars.list_refs(ANN) == {ref}
    assert page.user_counts["starred"] == 1
    call("choose_user_list", "starred")
    assert [row.ref for row in page.rows] == [ref]
    call("star", ref)

    assert page.rows == []
    assert [action for action, _, _ in captured] == ["star", "filter", "unstar"]


def test_a_database_that_is_down_costs_only_the_stars(
    page: CatalogIndexState,
    call: Call,
    stars: Stars,
    captured: list[tuple[Any, ...]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise OperationalError("select", None, Exception("down"))

    monkeypatch.setattr(stars, "list_refs", fail)

    call("search", "booking")
    assert page.rows != []
    assert page.message == NO_ANSWER
    told = call("star", page.rows[0].ref)

    assert NO_ANSWER in str(told)
    assert [action for action, _, _ in captured] == ["filter"]
