"""A host that answers a little at a time, until the test is over."""

import http.server
import threading
from types import TracebackType
from typing import Self

BETWEEN_SECONDS = 0.1
PATIENCE_SECONDS = 60.0


class SlowHost:
    """Counts those who wait for it: `begun` and `ended` requests, and the `most` at once."""

    def __init__(self) -> None:
        self.begun = self.ended = self.most = 0
        self._change = threading.Condition()
        self._is_over = threading.Event()
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host._count(begun=1)
                try:
                    self.send_response(200)
                    self.end_headers()
                    while not host._is_over.wait(BETWEEN_SECONDS):
                        self.wfile.write(b"#\n")
                except OSError:
                    pass  # it was given up
                finally:
                    host._count(ended=1)

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
        self._is_over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait_until(self, begun: int) -> None:
        """Wait until that many requests have come."""
        with self._change:
            come = self._change.wait_for(lambda: self.begun >= begun, PATIENCE_SECONDS)
        assert come, f"{self.begun} of {begun} requests came"

    def _count(self, *, begun: int = 0, ended: int = 0) -> None:
        with self._change:
            self.begun += begun
            self.ended += ended
            self.most = max(self.most, self.begun - self.ended)
            self._change.notify_all()
