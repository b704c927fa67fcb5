import codecs
import io
import json
from collections.abc import Mapping

import pytest
from pyarrow import parquet
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.insights import Caller, Viewer
from backstage_py.insights.ui import export
from backstage_py.insights.ui.export import export_route
from backstage_py.insights.ui.service import InsightsService
from tests.unit.insights.ui.conftest import NOW

ADDRESS = "range=90d&zone=UTC"


@pytest.fixture
def client(service: InsightsService, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    def find_caller(headers: Mapping[str, str], _peer: str | None) -> Caller:
        user = headers.get("x-user")
        return Caller(user, Viewer() if user == "user:default/owner" else None)

    monkeypatch.setattr(export, "utc_now", lambda: NOW)
    route = export_route(lambda: service, find_caller)
    return TestClient(Starlette(routes=[route]), headers={"x-user": "user:default/owner"})


def test_all_formats_have_the_same_rows(client: TestClient) -> None:
    rows = client.get(f"/api/insights/plugins/plugins.json?{ADDRESS}").json()
    content = client.get(f"/api/insights/plugins/plugins.csv?{ADDRESS}").content
    assert content.startswith(codecs.BOM_UTF8)
    text = content.decode("utf-8-sig")
    table = client.get(f"/api/insights/plugins/plugins.parquet?{ADDRESS}").content

    assert set(rows[0]) == {"pluginId", "events", "users"}
    assert text.splitlines()[0] == "pluginId,events,users"
    assert len(text.splitlines()) == len(rows) + 1
    assert parquet.read_table(io.BytesIO(table)).to_pylist() == rows


def test_an_export_is_not_cut_where_the_page_is(client: TestClient) -> None:
    rows = client.get(f"/api/insights/plugins/pages.json?{ADDRESS}").json()

    assert len(rows) > 10


def test_a_text_that_a_spreadsheet_would_run_is_defused() -> None:
    assert export._defuse("=HYPERLINK()") == "'=HYPERLINK()"
    assert export._defuse(-3) == -3


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("plugins/nothing.csv", 404),
        ("nowhere/plugins.csv", 404),
        ("plugins/plugins.xls", 404),
        ("explorer/exploration.json?by=attributes.a,attributes.b,attributes.c", 200),
    ],
)
def test_what_cannot_be_exported_is_said(client: TestClient, path: str, status: int) -> None:
    assert client.get(f"/api/insights/{path}").status_code == status


def test_nothing_is_exported_for_others(client: TestClient) -> None:
    response = client.get("/api/insights/plugins/plugins.csv", headers={"x-user": "user:x/y"})

    assert response.status_code == 403
    assert json.dumps(response.text)
