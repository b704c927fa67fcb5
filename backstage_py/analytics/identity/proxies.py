"""Reverse proxies whose `X-Forwarded-*` headers count: `backend.trustedProxies`.

From everybody else these headers are ignored, since whoever sends a request can write them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Self

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError

KEY = "backend.trustedProxies"
PEER_KEY = "backstage_py.peer"
"""Where the address that really connected is left in the scope of a request."""
_SCHEMES = {"http": {"http": "http", "https": "https"}, "websocket": {"http": "ws", "https": "wss"}}


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The addresses and networks of the proxies in front of the app."""

    networks: Sequence[IPv4Network | IPv6Network] = ()

    @classmethod
    def from_config(cls, config: Config) -> Self:
        """The proxies that the owner trusts; none unless `backend.trustedProxies` lists them.

        Raises:
            ConfigurationError: If one is neither an address nor a network.
        """
        networks = []
        for index, text in enumerate(config.get_optional_list(KEY) or ()):
            try:
                networks.append(ip_network(text, strict=False))
            except ValueError:
                where = config.where(f"{KEY}[{index}]")
                hint = "Write it as 10.0.0.7 or 10.0.0.0/8"
                raise ConfigurationError(where, f"is {text!r}, not an address", hint) from None
        return cls(tuple(networks))

    def trusts(self, address: str | None) -> bool:
        """Whether `address` is one of them."""
        try:
            given = ip_address(address or "")
        except ValueError:
            return False
        mapped = getattr(given, "ipv4_mapped", None) or given
        return any(mapped in network for network in self.networks)

    def find_client(self, peer: str, forwarded_for: str) -> str:
        """The address of the sender: the last one in `forwarded_for` that isn't a trusted proxy."""
        client = peer
        for hop in reversed([hop.strip() for hop in forwarded_for.split(",") if hop.strip()]):
            if not self.trusts(client):
                break
            client = hop
        return client


class ForwardedHeaders:
    """ASGI middleware: gives requests from trusted proxies their sender, scheme and host."""

    def __init__(self, app: ASGIApp, proxies: TrustedProxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request."""
        if scope["type"] in _SCHEMES:
            scope = self._read(scope)
        await self._app(scope, receive, send)

    def _read(self, scope: Scope) -> Scope:
        client = scope.get("client")
        peer = client[0] if client else None
        scope = {**scope, PEER_KEY: peer}
        if peer is None or not self._proxies.trusts(peer):
            return scope
        headers = Headers(scope=scope)
        sender = self._proxies.find_client(peer, headers.get("x-forwarded-for", ""))
        scope["client"] = (sender, 0 if sender != peer else client[1])
        scheme = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        scope["scheme"] = _SCHEMES[scope["type"]].get(scheme, scope["scheme"])
        if host := headers.get("x-forwarded-host", "").rpartition(",")[2].strip():
            scope["headers"] = list(scope["headers"])
            MutableHeaders(scope=scope)["host"] = host
        return scope
