"""A body of any size is stopped while it is read, also for what reads all of it (S4)."""

from collections.abc import Iterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from backstage_py.portal.body_limit import BodyLimit


async def read_all(request: Request) -> Response:
    body = await request.body()
    return PlainTextResponse(str(len(body)))


CLIENT = TestClient(
    BodyLimit(Starlette(routes=[Route("/", read_all, methods=["POST"])]), most=1_000)
)


def chunks(count: int) -> Iterator[bytes]:
    yield from (b"x" * 100 for _ in range(count))


def test_a_body_within_the_limit_is_served() -> None:
    assert CLIENT.post("/", content=chunks(10)).text == "1000"


def test_a_larger_one_is_refused_with_the_limit() -> None:
    answer = CLIENT.post("/", content=chunks(11))

    assert answer.status_code == 413
    assert "1000 bytes" in answer.text
