import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses

from backstage_py.plugins.catalog.sources.public_address import (
    find_addresses,
    is_public,
    resolve_host,
)
from tests.loops import run


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "2606:4700:4700::1111",
        "::ffff:1.1.1.1",
        "2002:0101:0101::1",
        "64:ff9b::1.1.1.1",
    ],
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "224.0.1.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:10.0.0.1",
        "2002:7f00:1::",
        "2001:0:4136:e378::1",
        "2001:db8::1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff0e::1",
    ],
)
def test_internal_addresses_are_not_public_in_any_disguise(address: str) -> None:
    assert not is_public(address)


@given(ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_every_ipv6_form(ip: object) -> None:
    verdicts = {is_public(f"{prefix}{ip}") for prefix in ("", "::ffff:", "64:ff9b::")}

    assert len(verdicts) == 1


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_the_system_resolves_odd_numbers_to_the_address_they_mean(host: str) -> None:
    assert resolve_host(host, 80) == ["127.0.0.1"]


def test_an_unknown_host_is_an_error_of_the_caller() -> None:
    def fail(host: str, port: int) -> list[str]:
        raise OSError(host)

    with pytest.raises(OSError, match="nowhere"):
        run(find_addresses(fail, "nowhere", 80))
