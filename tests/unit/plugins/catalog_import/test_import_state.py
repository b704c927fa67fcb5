"""The import page as its handlers change it, on a catalog of files."""

import asyncio
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from backstage_py.analytics import Recorder
from backstage_py.plugins.catalog import service
from backstage_py.plugins.catalog.ingestion.registrations import Registrations
from backstage_py.plugins.catalog.store import CatalogStore
from backstage_py.plugins.catalog_import.state import import_state
from backstage_py.plugins.catalog_import.state.import_state import CatalogImportState
from backstage_py.portal.database import NO_ANSWER
from backstage_py.storage import open_engine
from tests.unit.plugins.catalog.conftest import Network, open_sources

ANN = "user:default/ann"
ADDRESS = "https://git.example.com/shop/catalog-info.yaml"
SHOP = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: shop, title: Shop}
spec: {type: website, lifecycle: production, owner: team}
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: cart}
spec: {type: openapi, lifecycle: production, owner: team, definition: x}
"""


class Page:
    """The page's state, with its handlers called to their end."""

    def __init__(self) -> None:
        self.state = cast("Any", CatalogImportState)(_reflex_internal_init=True)

    def call(self, name: str, *arguments: Any) -> Any:
        handler = cast("Any", CatalogImportState.event_handlers[name]).fn
        answer = handler(self.state, *arguments)
        if inspect.isasyncgen(answer):
            return asyncio.run(self._drain(answer))
        return asyncio.run(answer) if inspect.iscoroutine(answer) else answer

    async def _drain(self, answers: Any) -> list[Any]:
        return [answer async for answer in answers]


@pytest.fixture
def catalog(tmp_path: Path, engine: Engine) -> service.CatalogService:
    store, network = CatalogStore(engine), Network({ADDRESS: SHOP})
    return service.CatalogService.from_config(
        [], base_dir=tmp_path, open_sources=lambda: open_sources(tmp_path, network), store=store
    )


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})
    yield engine
    engine.dispose()


@pytest.fixture
def registrations(
    engine: Engine,
    catalog: service.CatalogService,
    monkeypatch: pytest.MonkeyPatch,
) -> Registrations:
    registrations = Registrations(catalog, CatalogStore(engine))
    monkeypatch.setattr(import_state, "get_registrations", lambda: registrations)
    monkeypatch.setattr(import_state, "capture", lambda *_values, **_named: None)
    monkeypatch.setattr(Recorder, "identify", lambda _self, _headers: ANN)
    return registrations


@pytest.fixture
def page(registrations: Registrations) -> Page:
    return Page()


def test_a_location_is_looked_at_registered_and_taken_out(
    page: Page, registrations: Registrations, catalog: service.CatalogService
) -> None:
    page.call("analyze", {"target": f" {ADDRESS} "})
    assert (page.state.step, page.state.target) == ("review", ADDRESS)
    assert [(one.title, one.kind, one.is_known) for one in page.state.found] == [
        ("cart", "API", False),
        ("Shop", "Component", False),
    ]

    page.call("register")
    assert (page.state.step, page.state.problems) == ("finish", [])
    [location] = page.state.locations
    assert (location.location, location.entities) == (f"url:{ADDRESS}", 2)
    assert location.registered_by == ANN

    page.call("unregister", location.id)
    assert page.state.locations == []
    assert registrations.list() == []


@pytest.mark.parametrize(
    ("target", "problem"), [("", "Say where the descriptor is."), ("shop.yaml", "shop.yaml")]
)
def test_what_is_wrong_with_a_location_is_said(page: Page, target: str, problem: str) -> None:
    page.call("choose_type", "file")
    page.call("analyze", {"target": target})

    assert page.state.step == "select"
    assert problem in page.state.problems[0]
    assert not page.state.is_busy


def test_a_database_that_is_down_is_reported(
    page: Page, registrations: Registrations, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, OSError("disk"))

    monkeypatch.setattr(registrations, "list", fail)
    monkeypatch.setattr(registrations, "unregister", fail)

    page.call("load")
    told = page.call("unregister", "7")

    assert page.state.problems == [NO_ANSWER]
    assert NO_ANSWER in str(told)
