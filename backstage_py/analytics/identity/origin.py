"""Checks from which pages and for which host names requests are allowed.

A browser names the page behind a request in `Origin`; another scheme, host or port is another
origin. `Host` names the address that was asked: a name that isn't the app's own is how DNS
rebinding looks. Source: RFC 6454, and the checks of Vite's `server.allowedHosts`.
"""

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Self
from urllib.parse import urlsplit

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError

_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_LOCAL_NAMES = frozenset({"localhost", "testserver"})
"""`testserver` is the name that Starlette's test client sends; no DNS has it."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ANY_HOST = "*"


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins and the hosts of an app.

    Args:
        base_url: The app's address for people (`app.baseUrl`).
        allowed: Further origins whose pages may call the app (`backend.cors.origin`).
        hosts: Further host names of the app (`backend.allowedHosts`); `'*'` for any.
        any_port: Whether pages of the same host on another port are the app's own, as when Reflex
            serves the pages on a separate port.
    """

    base_url: str | None = None
    allowed: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    any_port: bool = False

    @classmethod
    def from_config(
        cls, config: Config, *, any_port: bool = False, rxconfig: Sequence[str] = ()
    ) -> Self:
        """The origins that `app.baseUrl`, `backend.cors.origin` and `backend.allowedHosts` name.

        Args:
            config: The app's configuration.
            any_port: See the class.
            rxconfig: What `rxconfig.py` names as `deploy_url` and `cors_allowed_origins`. `'*'` and
                this machine, Reflex's default for `deploy_url`, do not count.

        Raises:
            ConfigurationError: If one isn't an origin or a name of a host.
        """
        base_url = config.get_optional_string("app.baseUrl")
        allowed = [
            _normalize(config.where("backend.cors.origin"), origin)
            for origin in _list_texts(config, "backend.cors.origin")
        ]
        parsed = (_parse(address) for address in rxconfig)
        allowed += [_text(one) for one in parsed if one and one[1] not in _LOOPBACK]
        hosts = [host.lower() for host in _list_texts(config, "backend.allowedHosts")]
        for host in hosts:
            if "/" in host or (host != ANY_HOST and "*" in host):
                hint = "Write a name without scheme and port, as portal.example.com, or '*'"
                raise ConfigurationError(
                    config.where("backend.allowedHosts"), f"is {host!r}, not a host", hint
                )
        return cls(base_url, frozenset(allowed), frozenset(hosts), any_port)

    def is_own(self, origin: str, host: str) -> bool:
        """Whether a page of `origin` may call the app at `host`."""
        given, base = _parse(origin), _parse(self.base_url or "")
        if given is None:
            return False
        if given == base or _text(given) in self.allowed:
            return True
        if base and base[0] == "https" and given[:2] == ("http", base[1]):
            return False  # anyone who can change unencrypted traffic could write that page
        own = _parse(f"{given[0]}://{host}")
        return given == own or (self.any_port and own is not None and given[1] == own[1])

    def knows_host(self, host: str) -> bool:
        """Whether `host`, as a request names it, is an address of the app.

        Without configuration these are addresses by number, `localhost` and this machine's name.
        """
        if ANY_HOST in self.hosts:
            return True
        name = _host_of(f"//{host}")
        if name is None:
            return False
        return (
            name in self.hosts
            or name in _LOCAL_NAMES
            or name.endswith(".localhost")
            or name == _host_of(self.base_url or "")
            or name == socket.gethostname().lower()
            or _is_address(name)
        )


def is_own_fetch(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that a request comes from the app's own pages, or from nowhere else.

    Source: Fetch Metadata, W3C. Programs that aren't browsers send no such header.
    """
    return headers.get("sec-fetch-site", "none") in {"same-origin", "none"}


def _list_texts(config: Config, name: str) -> Sequence[str]:
    try:
        one = config.get_optional_string(name)
    except ConfigurationError:
        values = config.get_optional_list(name) or ()
        if not all(isinstance(value, str) for value in values):
            raise
        return values
    return () if one is None else (one,)


def _normalize(where: str, origin: str) -> str:
    given = _parse(origin)
    if given is None or urlsplit(origin).path.strip("/"):
        hint = "Write it as https://portal.example.com"
        raise ConfigurationError(where, f"is {origin!r}, not an origin", hint)
    return _text(given)


def _parse(address: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme.lower())
    except ValueError:
        return None
    if not parts.hostname or port is None:
        return None
    return parts.scheme.lower(), parts.hostname.lower(), port


def _text(origin: tuple[str, str, int]) -> str:
    scheme, host, port = origin
    return f"{scheme}://{host}:{port}"


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
