"""A visitor without a browser: the raw websocket, as Engine.IO, Socket.IO and Reflex speak it."""

import contextlib
import json
import time
import uuid
from collections.abc import Mapping
from typing import Any, Self

from simple_websocket import Client, ConnectionClosed
from simple_websocket.errors import SimpleWebsocketError

_NAMESPACE = "/_event"
QUIET_SECONDS = 0.3
"""How long it must be quiet after an answer before the answer counts as complete."""


class _Client(Client):
    """Names the port in `Host`, as browsers do."""

    def handshake(self) -> None:
        self.host = f"{self.host}:{self.port}"
        super().handshake()


class RawSocket:
    """One connection; it never sends what Reflex's own page would add for safety."""

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        address = base_url.replace("http", "ws", 1)
        query = f"token={uuid.uuid4()}&EIO=4&transport=websocket"
        self._client = _Client(
            f"{address}/_event/?{query}",
            headers=[(name.encode(), one.encode()) for name, one in (headers or {}).items()],
        )
        self._receive_until("0")
        self._client.send(f"40{_NAMESPACE},")
        self._receive_until("40")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ConnectionClosed):
            self._client.close()
        if self._client.sock is not None:
            self._client.sock.close()

    def call(
        self,
        name: str,
        payload: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        seconds: float = 5.0,
        until: str = "",
    ) -> str:
        """Send an event by the full name of its handler; gives all that comes back, as text.

        It waits for `until`, or for an answer and then until nothing more comes.
        """
        router = {"pathname": "/", "asPath": "/", "query": dict(query or {})}
        event = {"name": name, "payload": dict(payload or {}), "router_data": router}
        self._client.send(f"42{_NAMESPACE}," + json.dumps(["event", event]))
        return self.listen(seconds=seconds, until=until)

    def listen(self, *, seconds: float, until: str = "") -> str:
        """All that comes, until `until` does; without it, until nothing more comes."""
        answers: list[str] = []
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            wait = QUIET_SECONDS if answers and not until else deadline - time.monotonic()
            message = self._receive(wait)
            if message is None:
                break
            answers.append(message)
            if until and until in message:
                break
        return "".join(answers)

    def _receive_until(self, start: str) -> None:
        while not (self._receive(20.0) or "").startswith(start):
            pass

    def _receive(self, seconds: float) -> str | None:
        message = self._client.receive(timeout=seconds)
        if message == "2":
            self._client.send("3")
            return self._receive(seconds)
        return message.decode() if isinstance(message, bytes) else message


def is_refused(base_url: str, headers: Mapping[str, str]) -> bool:
    """Whether the portal doesn't let a socket with these headers in."""
    try:
        with RawSocket(base_url, headers):
            return False
    except SimpleWebsocketError:
        return True
