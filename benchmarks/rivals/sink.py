"""The server of the rivals' pages: takes every tracker's events and says yes to each."""

import base64
import gzip
import json
import re
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from typing import Self
from urllib.parse import unquote_plus

ANSWER = json.dumps(
    {
        "rejected": [],  # ours
        "status": 1,  # Mixpanel and PostHog
        "supportedCompression": ["gzip", "gzip-js"],  # PostHog, when it asks for its settings
    }
).encode()

_MARK = re.compile(r"mark-\d+")
_BASE64 = re.compile(r"[\w+/-]{40,}")
_TYPES = {".html": "text/html", ".js": "text/javascript"}


class Sink(ThreadingHTTPServer):
    """Serves `files` by their path, and keeps what is posted below each folder."""

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.bodies: deque[tuple[str, bytes]] = deque()
        self._marks: dict[str, set[str]] = {}

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def arrived(self, folder: str) -> int:
        """How many different events were posted below `folder`."""
        while self.bodies:
            path, body = self.bodies.popleft()
            self._marks.setdefault(path.split("/")[1], set()).update(_marks_in(body))
        return len(self._marks.get(folder, ()))


class _Handler(BaseHTTPRequestHandler):
    server: Sink  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._answer(self.server.files.get(self.path, ANSWER))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append((self.path, body))
        self._answer(ANSWER)

    def _answer(self, body: bytes) -> None:
        suffix = PurePosixPath(self.path).suffix
        self.send_response(200)
        self.send_header("Content-Type", _TYPES.get(suffix, "application/json"))
        self.send_header("Content-Length", str(len(body)))
        # An isolated page's clock has a resolution of 5 microseconds.
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # ruff: ignore[builtin-argument-shadowing]
        """Say nothing."""


def _marks_in(body: bytes) -> set[str]:
    """The marks of the events in a body, which may be gzip, a form, and base64 inside."""
    if body.startswith(b"\x1f\x8b"):
        body = gzip.decompress(body)
    text = unquote_plus(body.decode())
    hidden = (_from_base64(run) for run in _BASE64.findall(text))
    return set(_MARK.findall("\n".join([text, *hidden])))


def _from_base64(run: str) -> str:
    whole = run[: len(run) - len(run) % 4]
    return base64.b64decode(whole, "-_").decode(errors="replace")
