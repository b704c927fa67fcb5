"""A host that answers a little at a time, until the test is over."""

import http.server
import threading
from types import TracebackType
from typing import Self

BETWEEN_SECONDS = 0.1
PATIENCE_SECONDS = 60.0


class SlowHost:
    """Keeps what it was asked for, and the `most` requests that it answered at once."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.most = 0
        self._ended = 0
        self._change = threading.Condition()
        self._is_over = threading.Event()
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host._begin(self.path)
                try:
                    self.send_response(200)
                    self.end_headers()
                    while not host._is_over.wait(BETWEEN_SECONDS):
                        self.wfile.write(b"#\n")
                except OSError:
                    pass  # it was given up
                finally:
                    host._finish()

            def log_message(self, format: str, *args: object) -> None:  # ruff: ignore[builtin-argument-shadowing]
                """Say nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.name = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def end(self) -> None:
        """Finish every answer from now on."""
        self._is_over.set()

    def wait_for(self, start: str) -> None:
        """Wait until somebody asks for a path that begins so."""

        def has_come() -> bool:
            return any(path.startswith(start) for path in self.paths)

        with self._change:
            assert self._change.wait_for(has_come, PATIENCE_SECONDS), self.paths

    def _begin(self, path: str) -> None:
        with self._change:
            self.paths.append(path)
            self.most = max(self.most, len(self.paths) - self._ended)
            self._change.notify_all()

    def _finish(self) -> None:
        with self._change:
            self._ended += 1
