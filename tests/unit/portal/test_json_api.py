from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.testclient import TestClient

from backstage_py.analytics import PUBLIC
from backstage_py.portal.json_api import InputError, JsonApi, JsonCall, json_answer

ANN = {"X-User": "user:default/ann"}


class WornOutError(Exception):
    """An error of the API's own."""


def echo(call: JsonCall) -> Response:
    return json_answer({"user": call.user, "body": dict(call.body), "page": call.whole("page", 0)})


def client(handler: Any = echo) -> TestClient:
    api = JsonApi(
        "/api/things",
        lambda headers: headers.get("x-user"),
        {WornOutError: (409, "ConflictError")},
        max_body_bytes=100,
        describe=lambda error: {"hint": "rest"} if isinstance(error, WornOutError) else {},
    )
    routes = [api.route(method, "/echo", handler, access=PUBLIC) for method in ("GET", "POST")]
    return TestClient(Starlette(routes=routes), raise_server_exceptions=False)


def test_a_handler_gets_the_user_and_the_body() -> None:
    answer = client().post("/api/things/echo?page=2", json={"a": 1}, headers=ANN)

    assert answer.json() == {"user": "user:default/ann", "body": {"a": 1}, "page": 2}


def test_a_post_without_a_body_says_nothing() -> None:
    assert client().post("/api/things/echo", headers=ANN).json()["body"] == {}


def test_anonymous_callers_get_nothing() -> None:
    answer = client().get("/api/things/echo")

    assert (answer.status_code, answer.json()["error"]["name"]) == (401, "AuthenticationError")


@pytest.mark.parametrize(
    ("content", "media_type", "message"),
    [
        (b"{", "application/json", "body: must be JSON"),
        (b"[]", "application/json", "body: must be an object"),
        (b"a" * 101, "application/json", "body: must have at most 100 bytes (got 101)"),
        (b"{}", "text/plain", 'Content-Type: must be application/json (got "text/plain")'),
    ],
)
def test_a_bad_body_is_named(content: bytes, media_type: str, message: str) -> None:
    headers = {**ANN, "Content-Type": media_type}

    answer = client().post("/api/things/echo", content=content, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith(message)


@pytest.mark.parametrize("page", ["-1", "1.5", "x", "9" * 16, "²"])
def test_a_number_that_is_none_is_named(page: str) -> None:
    answer = client().get("/api/things/echo", params={"page": page}, headers=ANN)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("page: must be a whole number")


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (
            WornOutError("too much"),
            409,
            {"error": {"name": "ConflictError", "message": "too much"}, "hint": "rest"},
        ),
        (
            InputError("name", 3, "must be a text"),
            400,
            {"error": {"name": "InputError", "message": "name: must be a text (got 3)"}},
        ),
        (
            OperationalError("SELECT secret", {}, Exception()),
            503,
            {
                "error": {
                    "name": "ServiceUnavailableError",
                    "message": "The database is not responding",
                }
            },
        ),
    ],
)
def test_an_error_is_answered_as_backstage_does(
    error: Exception, status: int, body: dict[str, Any]
) -> None:
    def fail(_call: JsonCall) -> Response:
        raise error

    answer = client(fail).get("/api/things/echo", headers=ANN)

    request = {"method": "GET", "url": "/api/things/echo"}
    assert answer.json() == {**body, "request": request, "response": {"statusCode": status}}
