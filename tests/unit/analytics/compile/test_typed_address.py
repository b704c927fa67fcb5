import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from backstage_py.analytics.compile.typed_address import TypedAddress


def served(path: str, method: str = "GET", *, prefix: str = "") -> str:
    def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path)

    inner = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    client = TestClient(TypedAddress(inner, lambda path: path if path == "/docs" else None, prefix))
    return client.request(method, path).text


@pytest.mark.parametrize(
    ("path", "looked_up"),
    [("/docs", "/docs/"), ("/docs/", "/docs/"), ("/", "/"), ("/assets/app.js", "/assets/app.js")],
)
def test_only_the_path_of_a_page_is_looked_up_with_a_slash(path: str, looked_up: str) -> None:
    assert served(path) == looked_up


def test_what_is_posted_to_a_path_stays_there() -> None:
    assert served("/docs", "POST") == "/docs"


@pytest.mark.parametrize(
    ("path", "looked_up"),
    [("/portal/docs", "/portal/docs/"), ("/docs", "/docs"), ("/portals/docs", "/portals/docs")],
)
def test_a_page_is_found_below_the_path_that_all_pages_have(path: str, looked_up: str) -> None:
    assert served(path, prefix="/portal") == looked_up


def test_an_app_whose_first_route_takes_every_path_keeps_its_other_addresses() -> None:
    inner = Starlette(routes=[Route("/api/x", lambda _: PlainTextResponse("x"))])
    client = TestClient(TypedAddress(inner, lambda _: "[[...splat]]"))

    assert client.get("/api/x").text == "x"
