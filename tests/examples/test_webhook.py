import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from backstage_py.analytics import Config, RecordedEvent
from backstage_py.analytics.backends.registry import read_backends
from backstage_py.analytics.event import new_event_id
from backstage_py.analytics.testing import BackendConformance
from examples.webhook import WebhookAnalyticsApi

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def received() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    bodies: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None: ...  # ruff: ignore[builtin-argument-shadowing]

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", bodies
        server.shutdown()
        thread.join()


def test_a_backend_of_ones_own_is_named_in_the_configuration(
    received: tuple[str, list[dict[str, Any]]],
) -> None:
    url, bodies = received
    section = {"use": "examples.webhook:WebhookAnalyticsApi", "url": url}
    config = Config({"app": {"analytics": {"webhook": section}}})
    [webhook] = read_backends(config, lambda _sessions: {})
    event = RecordedEvent(
        action="click", subject="Docs", id=new_event_id(), timestamp=NOW, received_at=NOW
    )

    webhook.capture_events([event])

    assert bodies == [event.to_wire()]


class TestWebhook(BackendConformance):
    """The README's backend does all that a backend has to do."""

    def make_backend(self, address: str) -> WebhookAnalyticsApi:
        return WebhookAnalyticsApi.from_config(Config({"url": address}))
