import json
import logging
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from backstage_py.portal.logs import configure_logs
from backstage_py.portal.request_ids import RequestIds


@pytest.fixture
def json_logs(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs({"LOG_FORMAT": "json"})
    yield capsys
    root.handlers[:] = handlers
    root.setLevel(level)


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


def test_lines_that_a_request_causes_have_its_id(
    json_logs: pytest.CaptureFixture[str],
) -> None:
    _client(log_requests=True).get("/warn?token=s3cret", headers={"X-Request-ID": "abc"})

    lines = [json.loads(line) for line in json_logs.readouterr().err.splitlines()]
    ours = [line for line in lines if line["logger"].startswith("backstage_py")]
    assert [line["request_id"] for line in ours] == ["abc", "abc"]
    assert ours[1]["message"] == "GET /warn 200"
    assert ours[1]["milliseconds"] >= 0
    assert "s3cret" not in json.dumps(ours)
