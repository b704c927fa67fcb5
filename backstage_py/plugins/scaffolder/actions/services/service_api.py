"""Calls the JSON API of a service, and reports its errors to people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx
import orjson

from backstage_py.plugins.scaffolder.errors import ActionError

TIMEOUT_SECONDS = 30.0
MAX_ANSWER_BYTES = 4 * 1024 * 1024
_SHOWN_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class ServiceApi:
    """An API that the owner configured; redirects are not followed.

    `name` is its name in errors. The headers hold its token.
    """

    name: str
    base: str
    headers: Mapping[str, str] = field(repr=False)

    def get(self, path: str, *, missing: Collection[int] = ()) -> Any:
        """Send a GET request; None if the status is one of `missing`.

        Raises:
            ActionError: If the service does not answer, or refuses.
        """
        return self.call("GET", path, missing=missing)

    def call(
        self, method: str, path: str, body: Any = None, *, missing: Collection[int] = ()
    ) -> Any:
        """Send a request, and return the JSON of the response; None for an empty one.

        Raises:
            ActionError: As for `get`.
        """
        answer = send(method, f"{self.base}{path}", self.headers, body, name=self.name)
        if answer.status in missing:
            return None
        said = _read_json(answer.data)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            reason = explain(said) or "no reason is given"
            status = _name(answer.status)
            raise ActionError(f"{self.name} answers {status} to {method} {path}: {reason}")
        return said


@dataclass(frozen=True, slots=True)
class Answer:
    """A response."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def send(
    method: str, url: str, headers: Mapping[str, str], body: Any = None, *, name: str
) -> Answer:
    """Send one request, and return the response; redirects are not followed.

    A string is sent as the body unchanged, anything else as JSON.

    Raises:
        ActionError: If there is no response, or a too large one; `name` names the service.
    """
    content = body.encode() if isinstance(body, str) else orjson.dumps(body)
    content = None if body is None else content
    sent = {"Content-Type": "application/json", **headers} if content is not None else headers
    try:
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as client,
            client.stream(method, url, headers=sent, content=content) as response,
        ):
            data = bytearray()
            for chunk in response.iter_bytes():
                data += chunk
                if len(data) > MAX_ANSWER_BYTES:
                    raise ActionError(f"{name} answers with more than {MAX_ANSWER_BYTES} bytes")
            return Answer(response.status_code, response.headers, bytes(data))
    except httpx.TimeoutException as error:
        raise ActionError(f"{name} does not answer within {TIMEOUT_SECONDS:g} seconds") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ActionError(f"{name} cannot be reached: {error}") from error


def explain(answer: Any) -> str:
    """Return a service's error texts: `message`, `error`, and the messages of `errors`."""
    if isinstance(answer, str):
        return answer[:_SHOWN_CHARACTERS]
    if isinstance(answer, list):
        return "; ".join(filter(None, map(explain, answer)))[:_SHOWN_CHARACTERS]
    if not isinstance(answer, dict):
        return ""
    keys = ("message", "error", "errors", "error_description", "detail", "code")
    said = [explain(answer[key]) for key in keys if key in answer]
    if not said:
        said = [f"{key} {explain(value)}" for key, value in answer.items()]
    return "; ".join(dict.fromkeys(filter(None, said)))[:_SHOWN_CHARACTERS]


def _read_json(data: bytes) -> Any:
    try:
        return orjson.loads(data) if data else None
    except orjson.JSONDecodeError:
        return data.decode(errors="replace")


def _name(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
