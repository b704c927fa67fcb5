from typing import Any

import pytest
from anyio import from_thread

from backstage_py.analytics.config.configuration import Config
from backstage_py.analytics.errors import ConfigurationError
from backstage_py.analytics.identity.forwarded import TRUSTED_PEER, TrustedProxies


def proxies(*trusted: object) -> TrustedProxies:
    return TrustedProxies.from_config(Config({"backend": {"trustedProxies": list(trusted)}}))


def seen(
    trusted: TrustedProxies, peer: str, *headers: tuple[str, str], scheme: str = "http"
) -> dict[str, Any]:
    """What an app behind the proxies sees of a request."""
    scopes: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:  # ruff: ignore[unused-async]
        scopes.append(scope)

    kind = "http" if scheme.startswith("http") else "websocket"
    scope = {
        "type": kind,
        "scheme": scheme,
        "client": (peer, 5000),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }
    with from_thread.start_blocking_portal() as portal:
        called: Any = trusted.transform(app)
        portal.call(called, scope, None, None)
    return scopes[0]


def test_by_default_no_peer_is_believed() -> None:
    headers = [
        ("X-Forwarded-For", "203.0.113.7"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-user", "ann"),
        ("cookie", "a=b"),
    ]

    scope = seen(proxies(), "127.0.0.1", *headers)

    assert (scope["client"][0], scope["scheme"], scope[TRUSTED_PEER]) == (
        "127.0.0.1",
        "http",
        False,
    )
    assert scope["headers"] == [(b"cookie", b"a=b")]


@pytest.mark.parametrize(("scheme", "secure"), [("http", "https"), ("ws", "wss")])
def test_a_trusted_proxy_says_who_sent_it_and_how(scheme: str, secure: str) -> None:
    headers = [("x-forwarded-for", "203.0.113.7"), ("x-forwarded-proto", "https")]

    scope = seen(proxies("10.0.0.0/8"), "10.1.2.3", *headers, scheme=scheme)

    assert (scope["client"][0], scope["scheme"], scope[TRUSTED_PEER]) == (
        "203.0.113.7",
        secure,
        True,
    )


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        (["203.0.113.7, 10.0.0.9"], "203.0.113.7"),
        (["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
        (["6.6.6.6", "203.0.113.7, 10.0.0.9"], "203.0.113.7"),
        (["10.0.0.8, 10.0.0.9"], "10.0.0.8"),
        (["unknown, 10.0.0.9"], "unknown"),
        ([""], "10.1.2.3"),
        ([], "10.1.2.3"),
    ],
)
def test_what_a_client_writes_itself_is_not_believed(forwarded: list[str], client: str) -> None:
    headers = [("x-forwarded-for", value) for value in forwarded]

    assert seen(proxies("10.0.0.0/8"), "10.1.2.3", *headers)["client"][0] == client


@pytest.mark.parametrize(
    ("trusted", "peer", "is_trusted"),
    [
        ("loopback", "127.0.0.1", True),
        ("loopback", "::1", True),
        ("loopback", "::ffff:127.0.0.1", True),
        ("uniquelocal", "192.168.1.5", True),
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("loopback", "", False),
        ("loopback", "a.sock", False),
    ],
)
def test_peers_are_known_by_address_or_network(trusted: str, peer: str, is_trusted: object) -> None:
    assert proxies(trusted).trusts(peer) is is_trusted


@pytest.mark.parametrize("wrong", ["10.0.0.1/8", "proxy.example", 10, True])
def test_a_wrong_address_is_one_clear_error(wrong: object) -> None:
    with pytest.raises(ConfigurationError, match=r"backend\.trustedProxies\[0\]: is .* Use an"):
        proxies(wrong)
