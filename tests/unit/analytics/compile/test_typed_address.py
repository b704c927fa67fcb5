import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from backstage_py.analytics.compile.typed_address import TypedAddress

ROUTES = {"/docs": "docs", "/books/": "books/[isbn]", "/guide": "guide/[[...splat]]"}


def matches_page(path: str) -> str | None:
    return next((route for start, route in ROUTES.items() if path.startswith(start)), None)


def answered(path: str, method: str = "GET", *, prefix: str = "") -> httpx.Response:
    def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path)

    inner = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    client = TestClient(TypedAddress(inner, matches_page, prefix=prefix), follow_redirects=False)
    return client.request(method, path)


@pytest.mark.parametrize(
    ("path", "looked_up"),
    [
        ("/docs", "/docs/"),
        ("/books/X-1", "/books/X-1/"),
        ("/guide/A/b", "/guide/A/b/"),
        ("/", "/"),
        ("/assets/app.js", "/assets/app.js"),
    ],
)
def test_only_the_path_of_a_page_is_looked_up_with_a_slash(path: str, looked_up: str) -> None:
    assert answered(path).text == looked_up


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/docs/", "/docs"),
        ("/Docs?from=mail&x=%C3%A9", "/docs?from=mail&x=%C3%A9"),
        ("/BOOKS/X%20é/", "/books/X%20%C3%A9"),
        ("http://testserver//books/x/", "/books/x"),
        ("/Guide/A/b", "/guide/A/b"),
    ],
)
def test_another_spelling_of_a_page_leads_to_its_one_address(path: str, address: str) -> None:
    answer = answered(path)

    assert (answer.status_code, answer.headers["location"]) == (308, address)


@pytest.mark.parametrize(
    ("path", "looked_up"),
    [
        ("/portal/docs", "/portal/docs/"),
        ("/portal", "/portal"),
        ("/portal/", "/portal/"),
        ("/docs", "/docs"),
        ("/portals/docs", "/portals/docs"),
    ],
)
def test_pages_are_below_the_prefix(path: str, looked_up: str) -> None:
    answer = answered(path, prefix="/portal")

    assert answer.text == looked_up


def test_what_is_posted_to_a_path_stays_there() -> None:
    answer = answered("/docs", "POST")

    assert answer.text == "/docs"


def test_an_app_whose_first_route_takes_every_path_keeps_its_other_addresses() -> None:
    inner = Starlette(routes=[Route("/api/x", lambda _: PlainTextResponse("x"))])
    client = TestClient(TypedAddress(inner, lambda _: "[[...splat]]"))

    assert client.get("/api/x").text == "x"
