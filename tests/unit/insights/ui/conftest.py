from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backstage_py.analytics import RecordedEvent
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate
from backstage_py.insights import Insights
from backstage_py.insights.ui.service import InsightsService
from backstage_py.plugins.catalog.api import CatalogService
from backstage_py.plugins.insights.host import PortalHost
from backstage_py.plugins.insights.sample import Plan
from backstage_py.plugins.insights.sample.sample_data import SampleData
from tests.conftest import PROJECT

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
PLAN = Plan(days=20, users=30, seed=1, until=NOW)


@pytest.fixture(scope="session")
def catalog() -> CatalogService:
    """The demo's."""
    locations = [{"type": "file", "target": "demo/catalog/all.yaml"}]
    service = CatalogService.from_config(locations, base_dir=PROJECT)
    service.refresh()
    return service


@pytest.fixture(scope="session")
def store(
    tmp_path_factory: pytest.TempPathFactory, catalog: CatalogService
) -> Iterator[EventStore]:
    """A store full of sample data."""
    file = tmp_path_factory.mktemp("insights") / "events.db"
    engine = open_engine({"DATABASE_URL": f"sqlite:///{file}"})
    migrate(engine)
    store = EventStore(engine)
    SampleData(store, lambda: catalog).fill(PLAN)
    yield store
    engine.dispose()


@pytest.fixture(scope="session")
def history(store: EventStore) -> list[RecordedEvent]:
    return list(store.stream())


@pytest.fixture(scope="session")
def service(
    store: EventStore, catalog: CatalogService, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[InsightsService]:
    insights = Insights(store, Path(tmp_path_factory.mktemp("copy")))
    insights.copy.step(at_once=True)
    titles = {"catalog": "Catalog", "techdocs": "Docs", "scaffolder": "Create"}
    yield InsightsService(insights, PortalHost(lambda: catalog, plugin_titles=titles))
    insights.close()
