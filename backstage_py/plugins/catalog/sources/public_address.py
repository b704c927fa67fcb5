"""Distinguishes public internet addresses from internal ones, and resolves hosts."""

import asyncio
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

Resolver = Callable[[str, int], Sequence[str]]
"""Finds the addresses of a host and port, best first; raises OSError if there are none."""

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_TRANSLATED = (
    IPv6Network("64:ff9b::/96"),  # NAT64, RFC 6052
    IPv6Network("::/96"),  # IPv4-compatible, RFC 4291 2.5.5.1
    IPv6Network("::ffff:0:0:0/96"),  # IPv4-translated, RFC 2765
)


def is_public(address: str) -> bool:
    """Tell whether an address is public, and not an internal one in disguise.

    An IPv4 address inside an IPv6 one (mapped, 6to4, NAT64) is checked instead. Otherwise only
    global unicast counts (RFC 4291 2.4): no multicast, site-local or local NAT64 addresses.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        inner = _unwrap(ip)
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast


def _unwrap(ip: IPv6Address) -> IPv4Address | None:
    if any(ip in network for network in _TRANSLATED):
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def resolve_host(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host, numeric forms of any base included."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def find_addresses(resolve: Resolver, host: str, port: int) -> Sequence[str]:
    """Resolve a host in a thread, so that a slow answer can be abandoned.

    The thread is a daemon: nothing waits for an unresponsive name server.
    """
    answer: Future[Sequence[str]] = Future()
    answer.set_running_or_notify_cancel()

    def ask() -> None:
        try:
            answer.set_result(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answer.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    return await asyncio.wrap_future(answer)
