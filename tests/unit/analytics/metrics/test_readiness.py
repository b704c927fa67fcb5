import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics.ingest import Ingest
from backstage_py.analytics.ingest.ingest import WriterHealth
from backstage_py.analytics.metrics import readiness
from backstage_py.analytics.metrics.health_endpoints import HealthEndpoints
from backstage_py.analytics.metrics.readiness import ReadinessProbe
from backstage_py.analytics.store import EventStore
from backstage_py.analytics.store.engine import open_engine
from backstage_py.analytics.store.migrate import migrate


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'events.db'}"})
    yield engine
    engine.dispose()


@pytest.fixture
def ingest(engine: Engine) -> Iterator[Ingest]:
    ingest = Ingest(EventStore(engine))
    ingest.start()
    yield ingest
    ingest.close(5)


@pytest.fixture
def client(engine: Engine, ingest: Ingest, tmp_path: Path) -> TestClient:
    clock = iter(range(10_000))  # no answer is used again
    probe = ReadinessProbe(engine, ingest, tmp_path, lambda: float(next(clock)))
    return TestClient(Starlette(routes=HealthEndpoints(probe, ingest).routes()))


def test_a_portal_that_can_store_is_ready(engine: Engine, client: TestClient) -> None:
    migrate(engine)

    answer = client.get("/readyz")

    assert answer.status_code == 200
    checks = dict.fromkeys(("database", "schema", "writer", "disk"), "ok")
    assert answer.json() == {"status": "ok", "checks": checks}
    assert client.get("/livez").json() == {"status": "ok", "checks": {}}


def test_a_database_that_is_not_migrated_is_not_ready(client: TestClient) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["schema"] == "is not migrated yet"


def test_a_damaged_file_is_not_ready_and_its_name_stays_here(
    engine: Engine, client: TestClient, tmp_path: Path
) -> None:
    migrate(engine)
    assert client.get("/readyz").status_code == 200
    engine.dispose()
    (tmp_path / "events.db").write_bytes(b"junk" * 4096)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "accepts nothing now; the log says why"
    assert str(tmp_path) not in answer.text


def test_a_writer_that_ended_by_itself_is_neither_ready_nor_alive(
    engine: Engine, ingest: Ingest, client: TestClient
) -> None:
    migrate(engine)
    ended = threading.Thread(target=lambda: None)
    ended.start()
    ended.join()
    running, ingest._thread = ingest._thread, ended

    assert client.get("/livez").status_code == 503
    assert client.get("/readyz").json()["checks"]["writer"] == "is not running"
    ingest._thread = running


@pytest.mark.parametrize(
    ("health", "problem"),
    [
        (WriterHealth(is_alive=True, waiting_seconds=31, failed_seconds=None), "has not committed"),
        (WriterHealth(is_alive=True, waiting_seconds=0, failed_seconds=3), "failed 3 s ago"),
        (WriterHealth(is_alive=True, waiting_seconds=0, failed_seconds=31), "ok"),
    ],
)
def test_a_writer_that_commits_nothing_is_not_ready_for_a_while(
    engine: Engine, ingest: Ingest, client: TestClient, health: WriterHealth, problem: str
) -> None:
    migrate(engine)
    ingest.health = lambda: health

    assert client.get("/readyz").json()["checks"]["writer"].startswith(problem)


def test_a_full_disk_is_not_ready(
    engine: Engine, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(engine)
    monkeypatch.setattr(readiness, "FREE_BYTES", 10**18)
    monkeypatch.setattr(readiness, "FREE_SHARE", 1.0)

    assert client.get("/readyz").json()["checks"]["disk"].endswith("MB left")
