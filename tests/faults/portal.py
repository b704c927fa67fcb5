"""The portal's pipeline as a process that can be killed: endpoint, ingest, store, delivery.

It is forked from a process that has imported everything, so that it starts in no time.
"""

import asyncio
import logging
import multiprocessing
import os
import socket
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from backstage_py.analytics import AnalyticsEvent
from backstage_py.analytics.runtime import get_runtime

START_SECONDS = 20.0
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.faults.portal"])


class Portal:
    """A pipeline in a folder of its own; it can be started again after every death."""

    def __init__(self, folder: Path, config: Mapping[str, Any], **environment: str) -> None:
        self.folder = folder
        file = folder / "app-config.yaml"
        file.write_bytes(orjson.dumps(config))
        self.environment = {
            "APP_CONFIG": str(file),
            "DATABASE_URL": f"sqlite:///{folder / 'events.db'}",
            **environment,
        }
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: Any = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = _context.Process(
            target=_serve, args=(str(self.folder), self.environment, self.port), daemon=True
        )
        self._process.start()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{self.url}/metrics", trust_env=False)
            except httpx.TransportError:
                time.sleep(0.01)
            else:
                return
        raise AssertionError("the portal did not start")

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def kill(self) -> None:
        """`kill -9`."""
        self._process.kill()
        self._process.join()

    def stop(self, timeout_seconds: float = 20) -> float:
        """SIGTERM; how many seconds it took to end."""
        start = time.monotonic()
        self._process.terminate()
        self._process.join(timeout_seconds)
        assert self._process.exitcode is not None, "it did not end"
        return time.monotonic() - start


def _serve(folder: str, environment: Mapping[str, str], port: int) -> None:
    os.chdir(folder)
    os.environ.update(environment)
    logging.basicConfig(filename="portal.log", level=logging.INFO)
    runtime = get_runtime()

    async def capture(request: Request) -> Response:  # ruff: ignore[unused-async]
        """Capture like an event handler."""
        subject = request.query_params["subject"]
        event = AnalyticsEvent(action="deploy", subject=subject)
        runtime.recorder.record(event, session_id=None, user=None)
        return Response()

    @asynccontextmanager
    async def run(_app: Starlette) -> AsyncGenerator[None]:
        await asyncio.to_thread(runtime.start)
        try:
            yield
        finally:
            await asyncio.to_thread(runtime.close)

    routes = [
        runtime.endpoint().route("/api/events"),
        runtime.metrics_endpoint().route("/metrics"),
        Route("/capture", capture, methods=["POST"]),
    ]
    app = Starlette(routes=routes, lifespan=run)
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    asyncio.run(_run(server))


async def _run(server: Server) -> None:
    import signal

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, server.stop)
    await server.serve()
