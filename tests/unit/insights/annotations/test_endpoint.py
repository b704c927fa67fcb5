from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.analytics import EventStore, Origins
from backstage_py.insights import OWNER, Annotations, AnnotationsEndpoint, Caller, Viewer
from backstage_py.insights.changes.before_after import Comparison

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
CALLERS = {
    "writer": Caller("token:pipeline", OWNER, may_annotate=True),
    "reader": Caller("user:default/ada", OWNER),
    "nobody": Caller(),
    "stranger": Caller("user:default/bob"),
}


def _find(headers: Mapping[str, str]) -> Caller:
    return CALLERS[headers.get("x-caller", "writer")]


def _compare(_moment: datetime, _viewer: Viewer, days: int) -> list[Comparison]:
    return [Comparison("users", "Active users", 10, 10 + days, 2.5, is_noise=False)]


@pytest.fixture
def client(store: EventStore) -> TestClient:
    endpoint = AnnotationsEndpoint(
        Annotations(store.engine), _find, origins=Origins(), compare=_compare
    )
    return TestClient(Starlette(routes=endpoint.routes()), base_url="http://portal.test")


def test_an_annotation_is_posted_listed_and_deleted(client: TestClient) -> None:
    sent = {"at": "2026-11-28T12:00:00Z", "text": "Release 2.4", "tags": ["release"]}

    made = client.post("/api/annotations", json=sent)
    listed = client.get("/api/annotations", params={"since": "2026-11-28"}).json()["items"]

    assert made.status_code == 201
    assert listed == [made.json()]
    assert listed[0]["author"] == "token:pipeline"
    assert client.get("/api/annotations", params={"tag": "other"}).json() == {"items": []}
    assert client.delete(f"/api/annotations/{made.json()['id']}").status_code == 204
    assert client.delete(f"/api/annotations/{made.json()['id']}").status_code == 404


@pytest.mark.parametrize(
    ("caller", "get", "post"), [("reader", 200, 403), ("nobody", 401, 401), ("stranger", 403, 403)]
)
def test_reading_and_writing_are_permissions(
    client: TestClient, caller: str, get: int, post: int
) -> None:
    headers = {"x-caller": caller}
    sent = {"at": "2026-11-28", "text": "x"}

    assert client.get("/api/annotations", headers=headers).status_code == get
    assert client.post("/api/annotations", json=sent, headers=headers).status_code == post
    assert client.delete("/api/annotations/1", headers=headers).status_code == post


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 422), (b'{"at": "2026-11-28"}', 422), (b"x" * 20_000, 413)],
)
def test_a_wrong_body_is_refused(client: TestClient, body: bytes, status: int) -> None:
    headers = {"content-type": "application/json"}

    assert client.post("/api/annotations", content=body, headers=headers).status_code == status


def test_another_site_is_refused(client: TestClient) -> None:
    headers = {"origin": "https://evil.example"}
    sent = {"at": "2026-11-28", "text": "x"}

    assert client.post("/api/annotations", json=sent, headers=headers).status_code == 403


def test_before_and_after_an_annotation(client: TestClient) -> None:
    made = client.post("/api/annotations", json={"at": "2026-11-20", "text": "Release"}).json()
    path = f"/api/annotations/{made['id']}/before-after"

    found = client.get(path, params={"days": 5}).json()

    assert found["annotation"] == made
    [number] = found["numbers"]
    assert (number["before"], number["after"], number["change"]) == (10, 15, 0.5)
    assert number["isMoreThanNoise"]
    assert client.get(path, params={"days": "x"}).status_code == 422
    assert client.get("/api/annotations/no/before-after").status_code == 404
    assert client.get(path, headers={"x-caller": "stranger"}).status_code == 403
