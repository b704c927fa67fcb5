"""A fake analytics tool over HTTP: answers as configured, and remembers accepted events."""

import json
import random
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self

import httpx

from backstage_py.analytics import AnalyticsApi, Config, RecordedEvent
from backstage_py.analytics.errors import RejectedError, RetryLaterError

TOO_MANY, OK, BAD_REQUEST = 429, 200, 400


class SinkApi(AnalyticsApi):
    """The backend of a sink at `url`."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=30, trust_env=False)

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The backend of a section."""
        return cls(config.get_string("url"))

    def capture_events(self, events: Sequence[RecordedEvent]) -> None:
        """Post the ids and subjects as one batch."""
        content = [{"id": event.id, "subject": event.subject} for event in events]
        answer = self._client.post("/", json=content)
        if answer.status_code == BAD_REQUEST:
            raise RejectedError(answer.text)
        if answer.status_code == TOO_MANY:
            raise RetryLaterError("HTTP 429", float(answer.headers["Retry-After"]))
        if answer.status_code != OK or answer.json() != {"taken": len(events)}:
            raise RetryLaterError(f"HTTP {answer.status_code}")


class Sink:
    """A tool's accepted events; `moods` are its possible answers, chosen at random."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.taken: list[str] = []
        self.moods: Sequence[str] = ("take",)
        self._lock = threading.Lock()

    def answer(self, events: list[dict[str, Any]], handler: BaseHTTPRequestHandler) -> None:
        """Take the events or not, as the mood is."""
        mood = random.choice(self.moods)
        if mood == "hang":
            time.sleep(60)
        if mood == "reset":
            handler.connection.close()
            return
        if any(event["subject"] == "poison" for event in events):
            _respond(handler, BAD_REQUEST, "poison")
            return
        if mood in {"take", "take and say nonsense"}:
            with self._lock:
                self.taken += [event["id"] for event in events]
        bodies = {"take": json.dumps({"taken": len(events)})}
        status = {"too many": TOO_MANY, "error": 500}.get(mood, OK)
        _respond(handler, status, bodies.get(mood, "<html>nonsense"))


def _respond(handler: BaseHTTPRequestHandler, status: int, body: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Retry-After", "0.05")
    handler.end_headers()
    handler.wfile.write(body.encode())


class _Handler(BaseHTTPRequestHandler):
    sink: ClassVar[Sink]
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.sink.answer(json.loads(self.rfile.read(length)), self)

    def log_message(self, format: str, *args: Any) -> None:  # ruff: ignore[builtin-argument-shadowing]
        """Say nothing."""


@contextmanager
def open_sink() -> "Generator[Sink]":
    """A sink on a port of its own."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    handler.sink = Sink(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield handler.sink
    finally:
        server.shutdown()
        server.server_close()
