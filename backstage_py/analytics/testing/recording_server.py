"""A tool on loopback that remembers each request and answers what the test wants."""

import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

_POLL_SECONDS = 0.02
"""How soon it notices that it has to end."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came over the wire; names of headers are in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """The tool's answer; a body that is not a text is sent as JSON."""

    status: int = 200
    body: Any = ""
    headers: tuple[tuple[str, str], ...] = ()

    def encoded(self) -> bytes:
        """The body on the wire."""
        body = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return body.encode()


class RecordingServer(AbstractContextManager["RecordingServer"]):
    """Serves on a free port of 127.0.0.1 while the context is open.

    `answer(...)` sets the next answer, once for each call; otherwise, and afterwards, the answer is
    `usual`, which may be a function of the request.
    """

    def __init__(self, usual: Answer | Callable[[Received], Answer] | None = None) -> None:
        self.usual = usual or Answer()
        self.requests: list[Received] = []
        self._answers: list[Answer] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        serve = self._server.serve_forever
        threading.Thread(target=serve, args=(_POLL_SECONDS,), daemon=True).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, status: int, body: Any = "", **headers: str) -> None:
        """Set the answer to one request; `Retry_After="7"` is the header Retry-After."""
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        with self._lock:
            self._answers.append(Answer(status, body, named))

    def take(self, request: Received) -> Answer:
        """Remember a request and return the answer."""
        with self._lock:
            self.requests.append(request)
            if self._answers:
                return self._answers.pop(0)
        return self.usual(request) if callable(self.usual) else self.usual


def _handler(recording: RecordingServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            address = urlsplit(self.path)
            answer = recording.take(
                Received(
                    method=self.command,
                    path=address.path,
                    query=dict(parse_qsl(address.query, keep_blank_values=True)),
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=self.rfile.read(length),
                )
            )
            body = answer.encoded()
            self.send_response(answer.status)
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # ruff: ignore[mixed-case-variable-in-class-scope]

        def log_message(self, format: str, *args: object) -> None:  # ruff: ignore[builtin-argument-shadowing]
            """Say nothing."""

    return Handler
