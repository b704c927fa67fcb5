"""The app's own origins and hosts (S1, S17)."""

import socket
from typing import Any

import pytest

from backstage_py.analytics import Config, ConfigurationError, Origins, is_own_fetch

HOST = "portal.example.com"


def origins(backend: object = None, base_url: str | None = None, **options: Any) -> Origins:
    return Origins.from_config(
        Config({"app": {"baseUrl": base_url}, "backend": backend}), **options
    )


@pytest.mark.parametrize(
    ("origin", "host", "is_own"),
    [
        ("http://localhost:3000", "localhost:3000", True),
        ("http://LOCALHOST:3000", "localhost:3000", True),
        ("http://localhost:3001", "localhost:3000", False),
        ("http://localhost", "localhost:3000", False),
        ("https://portal.example.com", HOST, True),
        ("https://portal.example.com:443", HOST, True),
        ("https://portal.example.com:8443", HOST, False),
        ("http://[::1]:3000", "[::1]:3000", True),
        ("http://evil.example", "localhost:3000", False),
        ("http://localhost:3000.evil.example", "localhost:3000", False),
        ("http://evil.example@localhost:3001", "localhost:3000", False),
        ("null", "localhost:3000", False),
        ("", "localhost:3000", False),
        ("http://localhost:wrong", "localhost:3000", False),
        ("file://", "localhost:3000", False),
    ],
)
def test_another_scheme_host_or_port_is_another_origin(
    origin: str, host: str, *, is_own: bool
) -> None:
    assert origins().is_own(origin, host) is is_own


def test_the_base_url_is_own_whatever_a_proxy_makes_of_the_host() -> None:
    behind = origins(base_url="https://portal.example.com:8443/")

    assert behind.is_own("https://portal.example.com:8443", "portal.example.com")
    assert behind.is_own("https://portal.example.com:8443", "127.0.0.1:3000")
    assert not behind.is_own("http://portal.example.com", "portal.example.com")


def test_the_owner_lists_further_origins() -> None:
    one = origins({"cors": {"origin": "https://tools.example.com"}})
    more = origins({"cors": {"origin": ["https://a.example.com", "http://b.example.com:81/"]}})

    assert one.is_own("https://tools.example.com", HOST)
    assert more.is_own("http://b.example.com:81", HOST)
    assert not more.is_own("http://b.example.com", HOST)


def test_where_reflex_serves_pages_apart_their_port_does_not_matter() -> None:
    apart = origins(any_port=True)

    assert apart.is_own("http://localhost:3000", "localhost:8000")
    assert not apart.is_own("http://evil.example:3000", "localhost:8000")


@pytest.mark.parametrize(
    ("host", "is_known"),
    [
        ("localhost:3000", True),
        ("a.localhost:3000", True),
        ("127.0.0.1:3000", True),
        ("[::1]:3000", True),
        ("192.168.1.7", True),
        (socket.gethostname(), True),
        ("attacker.example:3000", False),
        ("localhost.attacker.example", False),
        ("127.0.0.1.attacker.example", False),
        ("", False),
        ("[", False),
    ],
)
def test_names_of_others_are_not_answered(host: str, *, is_known: bool) -> None:
    assert origins().knows_host(host) is is_known


def test_the_owner_names_the_hosts() -> None:
    named = origins({"allowedHosts": ["Portal.internal"]}, "https://portal.example.com")

    assert named.knows_host("portal.internal:3000")
    assert named.knows_host("portal.example.com")
    assert not named.knows_host("other.internal")
    assert origins({"allowedHosts": ["*"]}).knows_host("other.internal")


@pytest.mark.parametrize(
    ("backend", "message"),
    [
        ({"cors": {"origin": "tools.example.com"}}, r"backend\.cors\.origin: is 'tools"),
        ({"cors": {"origin": ["https://a.example/path"]}}, "not an origin"),
        ({"cors": {"origin": [5]}}, r"backend\.cors\.origin"),
        ({"allowedHosts": ["https://portal"]}, r"backend\.allowedHosts: is 'https://portal'"),
        ({"allowedHosts": ["*.example.com"]}, "not a host"),
    ],
)
def test_a_wrong_origin_is_one_clear_error(backend: object, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        origins(backend)


@pytest.mark.parametrize(
    ("site", "is_own"),
    [
        (None, True),
        ("same-origin", True),
        ("none", True),
        ("same-site", False),
        ("cross-site", False),
    ],
)
def test_a_browser_says_where_a_request_comes_from(site: str | None, *, is_own: bool) -> None:
    headers = {} if site is None else {"sec-fetch-site": site}
    assert is_own_fetch(headers) is is_own


def test_the_origins_that_rxconfig_names_are_the_apps_own() -> None:
    named = [
        "https://shop.example.com",
        "*",
        "https://other.example.com:8443",
        "http://localhost:3000",
    ]
    own = Origins.from_config(Config({}), rxconfig=named)

    assert own.is_own("https://shop.example.com", "api.example.com")
    assert own.is_own("https://other.example.com:8443", "api.example.com")
    assert not own.is_own("http://localhost:3000", "api.example.com")
    assert not own.is_own("https://evil.example", "api.example.com")
