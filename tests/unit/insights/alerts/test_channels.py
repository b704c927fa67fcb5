"""Apprise against a local HTTP receiver and a local mail server."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from backstage_py.insights.alerts.channels import AppriseChannel, ChannelError
from backstage_py.insights.alerts.message import Message

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

MESSAGE = Message("firing", "Searches fail", "51 in the last 24h <b>.", "/insights/search")


class _Receiver(BaseHTTPRequestHandler):
    status = 200

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.received.append(json.loads(self.rfile.read(length)))  # pyright: ignore[reportAttributeAccessIssue]
        self.send_response(self.server.status)  # pyright: ignore[reportAttributeAccessIssue]
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # ruff: ignore[builtin-argument-shadowing]
        pass


@pytest.fixture
def receiver() -> Iterator[Any]:
    server: Any = HTTPServer(("127.0.0.1", 0), _Receiver)
    server.received, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_webhook_gets_title_text_and_link(receiver: Any) -> None:
    channel = AppriseChannel(
        f"json://127.0.0.1:{receiver.server_port}/", base_url="https://portal.example/"
    )

    channel.send("1", MESSAGE, ())

    [received] = receiver.received
    assert received["title"] == "Searches fail"
    assert received["message"].startswith("51 in the last 24h <b>.")
    assert received["message"].endswith("https://portal.example/insights/search")
    assert received["type"] == "warning"


def test_a_refusal_is_an_error(receiver: Any) -> None:
    receiver.status = 500
    channel = AppriseChannel(f"json://127.0.0.1:{receiver.server_port}/")

    with pytest.raises(ChannelError, match="refused it"):
        channel.send("1", MESSAGE, ())


class _Mailbox:
    def __init__(self) -> None:
        self.mails: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # ruff: ignore[invalid-function-name]
        self.mails.append(envelope)
        return "250 OK"


def test_a_mail_arrives() -> None:
    mailbox = _Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    url = f"mailto://127.0.0.1:{port}?from=portal@example.com&to=ada@example.com"

    AppriseChannel(url).send("1", MESSAGE, ())
    controller.stop()

    [mail] = mailbox.mails
    assert mail.rcpt_tos == ["ada@example.com"]
    assert b"Searches fail" in mail.content


@pytest.mark.parametrize("url", ["nonsense", "nope://x", ""])
def test_unknown_urls_are_refused(url: str) -> None:
    with pytest.raises(ChannelError):
        AppriseChannel(url)
