import codecs
import csv
import io
from pathlib import Path

from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics import open_engine
from backstage_py.plugins.catalog.export import COLUMNS, export_route
from backstage_py.plugins.catalog.stars import Stars
from backstage_py.plugins.catalog.store import CatalogStore
from tests.unit.plugins.catalog.conftest import Write, load_catalog

DESCRIPTORS = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: shop
  title: "=HYPERLINK(\\"https://evil.example\\")"
  description: "two\\nlines, and a comma"
  tags: [a, b]
spec: {type: website, lifecycle: production, owner: sales, system: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: other}
spec: {type: service, lifecycle: production, owner: ann}
"""


def test_the_export_is_what_the_index_shows(tmp_path: Path, write: Write) -> None:
    write("all.yaml", DESCRIPTORS)
    catalog = load_catalog(tmp_path, "catalog/all.yaml")
    engine = open_engine({"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.db'}"})
    stars = Stars(CatalogStore(engine))
    stars.set("user:default/ann", "component:default/other", starred=True)
    route = export_route(
        lambda _user: catalog, stars, identify=lambda headers: headers.get("x-user") or None
    )
    client = TestClient(Starlette(routes=[route]), headers={"X-User": "user:default/ann"})

    def read(address: str) -> list[dict[str, str]]:
        answer = client.get(f"/api/catalog/export.csv?{address}")
        assert answer.headers["content-disposition"] == 'attachment; filename="catalog.csv"'
        assert answer.content.startswith(codecs.BOM_UTF8)
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    [shop] = read("filters[type]=website")
    assert tuple(shop) == COLUMNS
    assert shop["title"] == '\'=HYPERLINK("https://evil.example")'
    assert shop["description"] == "two\nlines, and a comma"
    assert (shop["owner"], shop["tags"]) == ("group:default/sales", "a b")
    assert [row["name"] for row in read("filters[user]=starred")] == ["other"]
    assert len(read("limit=20&offset=20")) == 2
    assert client.get("/api/catalog/export.csv", headers={"X-User": ""}).status_code == 401

    def fail(_user: str) -> None:
        raise OperationalError("select", None, Exception("down"))

    stars.list_refs = fail  # pyright: ignore[reportAttributeAccessIssue]
    assert client.get("/api/catalog/export.csv?filters[user]=starred").status_code == 503
    engine.dispose()
