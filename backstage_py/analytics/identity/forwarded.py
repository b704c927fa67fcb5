"""What reverse proxies say about a request: who sent it, and whether by HTTPS.

`X-Forwarded-For` and `X-Forwarded-Proto` are believed from the peers that `backend.trustedProxies`
names, and taken out of every other request, so that later code cannot be misled by them.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

TRUSTED_PEER = "backstage_py.trusted_peer"
"""The key of a request's scope that says whether its peer is a trusted proxy."""
_FORWARDED = b"x-forwarded-"
_FORWARDED_FOR = b"x-forwarded-for"
_FORWARDED_PROTO = b"x-forwarded-proto"
_SECURE = {"http": "https", "ws": "wss"}
_NAMED: dict[str, Sequence[str]] = {
    "loopback": ("127.0.0.0/8", "::1/128"),
    "linklocal": ("169.254.0.0/16", "fe80::/10"),
    "uniquelocal": ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
}
"""Express's names of ranges, which Backstage's `trust proxy` takes."""


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The addresses of trusted proxies; none by default."""

    networks: tuple[_Network, ...] = ()

    @classmethod
    def from_config(cls, config: Config) -> "TrustedProxies":
        """Read `backend.trustedProxies`: addresses and networks (`10.0.0.0/8`, `loopback`).

        Raises:
            ConfigurationError: If one of them is not an address or a network.
        """
        key = "backend.trustedProxies"
        given = config.get_optional_list(key) or ()
        return cls(
            tuple(
                _parse(config.where(f"{key}[{index}]"), text)
                for index, one in enumerate(given)
                for text in (_NAMED.get(one, (one,)) if isinstance(one, str) else (one,))
            )
        )

    def trusts(self, address: str) -> bool:
        """Whether the address is that of a trusted proxy."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(parsed, "ipv4_mapped", None)
        return any((mapped or parsed) in network for network in self.networks)

    def transform(self, app: ASGIApp) -> ASGIApp:
        """Wrap an app so that its requests have the client's address and scheme."""
        return _BehindProxies(app, self)

    def find_client(self, peer: str, forwarded: Sequence[str]) -> str:
        """The nearest address, from the peer outwards, that isn't a trusted proxy's."""
        chain = [*forwarded, peer]
        for address in reversed(chain):
            if not self.trusts(address):
                return address
        return chain[0]


class _BehindProxies:
    def __init__(self, app: ASGIApp, proxies: TrustedProxies) -> None:
        self._app = app
        self._proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            scope = self._believe(scope)
        await self._app(scope, receive, send)

    def _believe(self, scope: Scope) -> Scope:
        peer, port = scope.get("client") or ("", 0)
        if not self._proxies.trusts(peer):
            kept = [one for one in scope["headers"] if not one[0].lower().startswith(_FORWARDED)]
            return {**scope, "headers": kept, TRUSTED_PEER: False}
        changes: dict[str, Any] = {TRUSTED_PEER: True}
        client = self._proxies.find_client(peer, list(_values(scope, _FORWARDED_FOR)))
        changes["client"] = (client, port if client == peer else 0)
        if (protocols := list(_values(scope, _FORWARDED_PROTO))) and protocols[-1] == "https":
            changes["scheme"] = _SECURE.get(scope["scheme"], scope["scheme"])
        return {**scope, **changes}


def _values(scope: Scope, name: bytes) -> Iterator[str]:
    for key, value in scope["headers"]:
        if key.lower() == name:
            parts = (part.strip() for part in value.decode("latin-1").split(","))
            yield from (part for part in parts if part)


def _parse(where: str, text: object) -> _Network:
    try:
        if isinstance(text, str):
            return ipaddress.ip_network(text)
    except ValueError:
        pass
    hint = f"Use an address or a network, as 10.0.0.0/8, or one of {', '.join(_NAMED)}"
    raise ConfigurationError(where, f"is {text!r}, not an address or a network", hint)
