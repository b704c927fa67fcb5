from collections.abc import Mapping

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from backstage_py.plugins.techdocs.static_files import StaticFiles, build_response
from tests.unit.plugins.techdocs.conftest import STATIC, Docs

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


class Someone:
    """Knows whoever has a name."""

    def identify(self, headers: Mapping[str, str]) -> str | None:
        return headers.get("x-user")


@pytest.fixture
def client(docs: Docs) -> TestClient:
    docs.write("docs/index.md")
    docs.write("docs/images/logo.png", b"\x89PNG\xff")
    docs.write("docs/images/logo.svg", SVG)
    docs.entity()
    routes = StaticFiles(docs.service, lambda _user: docs.catalog, Someone()).routes()
    return TestClient(Starlette(routes=routes), headers={"x-user": "ann"})


def test_a_file_is_served_with_its_type_and_only_when_it_has_changed(client: TestClient) -> None:
    answer = client.get(f"{STATIC}/images/logo.png")

    assert answer.content == b"\x89PNG\xff"
    assert answer.headers["Content-Type"] == "image/png"
    known = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"{STATIC}/images/logo.png", headers=known).status_code == 304


def test_a_drawing_is_served_and_nothing_in_it_runs(client: TestClient) -> None:
    answer = client.get(f"{STATIC}/images/logo.svg")

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["a.html", "a.xhtml", "a.js", "a.xml", "a.py", "a", "a.svg.html"])
def test_what_a_browser_might_run_is_a_download(name: str) -> None:
    answer = build_response(f"x/{name}", b"<script>alert(1)</script>")

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == "attachment"


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("a.JPG", "image/jpeg"),
        ("a.pdf", "application/pdf"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.mp4", "video/mp4"),
    ],
)
def test_what_a_browser_shows_is_shown(name: str, type_: str) -> None:
    answer = build_response(name, b"x")

    assert answer.headers["Content-Type"] == type_
    assert "Content-Disposition" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "gone.png",
        "..%2f..%2fshop.yaml",
        "%2e%2e/%2e%2e/shop.yaml",
        "%2fetc%2fpasswd",
        "..%5c..%5cshop.yaml",
        "images",
        "",
    ],
)
def test_no_path_leads_out(client: TestClient, path: str) -> None:
    assert client.get(f"{STATIC}/{path}").status_code == 404


def test_an_entity_without_documentation_has_no_files(client: TestClient) -> None:
    assert client.get(f"{STATIC.replace('shop', 'nobody')}/x.png").status_code == 404


def test_files_are_for_signed_in_users(client: TestClient) -> None:
    answer = client.get(f"{STATIC}/images/logo.png", headers={"x-user": ""})

    assert answer.status_code == 401
