import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from backstage_py.portal.request_ids import RequestIdFilter, RequestIds


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """The logged request ids and messages."""
    output = StringIO()
    handler = logging.StreamHandler(output)
    handler.addFilter(RequestIdFilter())
    handler.setFormatter(logging.Formatter("%(request_id)s %(message)s"))
    logger = logging.getLogger("backstage_py")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield output
    logger.removeHandler(handler)
    logger.setLevel(level)


async def _warn(_request: Request) -> Response:  # ruff: ignore[unused-async]
    logging.getLogger("backstage_py").warning("odd")
    return Response("fine")


def _client(*, log_requests: bool = False) -> TestClient:
    routes = [Route("/warn", _warn)]
    return TestClient(RequestIds(Starlette(routes=routes), log_requests=log_requests))


def test_each_answer_has_an_id_of_its_own() -> None:
    client = _client()

    first, second = (client.get("/warn").headers["X-Request-ID"] for _ in range(2))

    assert first != second


@pytest.mark.parametrize(
    ("given", "kept"), [("proxy-1.2:3", "proxy-1.2:3"), ("a b", None), ("x" * 129, None)]
)
def test_the_id_of_a_proxy_is_kept_if_it_is_one(given: str, kept: str | None) -> None:
    found = _client().get("/warn", headers={"X-Request-ID": given}).headers["X-Request-ID"]

    assert found == kept if kept else found not in {given, ""}


def test_lines_that_a_request_causes_have_its_id_and_no_query(lines: StringIO) -> None:
    _client(log_requests=True).get("/warn?token=s3cret", headers={"X-Request-ID": "abc"})

    assert lines.getvalue().splitlines() == ["abc odd", "abc GET /warn 200"]
