import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from backstage_py.analytics import EventStore
from backstage_py.insights import Insights
from backstage_py.insights.clickhouse.settings import ClickHouseSettings
from tests.unit.insights.clickhouse import served_clickhouse

_tables = count()


@pytest.fixture(scope="session")
def clickhouse_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A ClickHouse of the tests' own."""
    folder = tmp_path_factory.mktemp("clickhouse")
    command = [sys.executable, served_clickhouse.__file__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.terminate()


@pytest.fixture(scope="session")
def settings(clickhouse_url: str) -> Callable[[], ClickHouseSettings]:
    """Makes settings, each with a table of its own."""
    return lambda: ClickHouseSettings.model_validate(
        {
            "url": clickhouse_url,
            "password": served_clickhouse.PASSWORD,
            "table": f"events_{next(_tables)}",
        }
    )


@pytest.fixture
def insights(
    store: EventStore, tmp_path: Path, settings: Callable[[], ClickHouseSettings]
) -> Iterator[Insights]:
    """On an empty store, with its copy in ClickHouse."""
    opened = Insights(store, tmp_path / "copy", clickhouse=settings())
    yield opened
    opened.close()
