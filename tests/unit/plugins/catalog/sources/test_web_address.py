import httpx
import pytest

from backstage_py.plugins.catalog.sources.web_address import (
    WebAddressError,
    find_raw_address,
    hide_credentials,
    parse_web_address,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://example.com?x", "https://example.com/?x"),
        ("HTTP://Example.COM:80/a/../b/./c?x=1#part", "http://example.com/b/c?x=1"),
        ("https://example.com:8443/a b", "https://example.com:8443/a%20b"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("https://münchen.de/ä", "https://xn--mnchen-3ya.de/%C3%A4"),
        ("https://example.com/@scope/a", "https://example.com/@scope/a"),
    ],
)
def test_an_address_has_one_form(text: str, address: str) -> None:
    assert str(parse_web_address(text)) == address


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("file:///etc/passwd", "https:// or http://"),
        ("ftp://example.com/a", "https:// or http://"),
        ("/etc/passwd", "https:// or http://"),
        ("", "https:// or http://"),
        ("https:///a", "name a host"),
        ("http:a", "name a host"),
        ("https://example.com:0/a", "a port up to 65535"),
        ("https://example.com:99999/a", "a port up to 65535"),
        ("https://example.com:port/a", "valid URL"),
        ("https://[::1/a", "valid URL"),
        ("https://0177.0.0.1/a", "valid URL"),
        ("https://user:password@example.com/a", "user name or a password"),
        ("https://:@example.com/a", "user name or a password"),
        ("https://example.com\\@evil.test/", "no backslashes"),
        ("https://example.com/a\r\nX: y", "control characters"),
    ],
)
def test_an_unusable_address_is_refused(text: str, rule: str) -> None:
    with pytest.raises(WebAddressError, match=rule):
        parse_web_address(text)


@pytest.mark.parametrize(
    "text",
    ["https://me:pass@h/a", "https:\\\\me:pass@h/", "https://me:pa/pass@h/a", "//me:pass@[h"],
)
def test_credentials_are_hidden(text: str) -> None:
    hidden = hide_credentials(text)

    assert "pass" not in hidden
    assert "@" in hidden


RAW = "https://raw.githubusercontent.com"


@pytest.mark.parametrize(
    ("address", "raw"),
    [
        ("https://github.com/o/r/blob/main/a/b.yaml", f"{RAW}/o/r/main/a/b.yaml"),
        ("https://github.com/o/r/tree/v1.0/b.yaml?raw=1", f"{RAW}/o/r/v1.0/b.yaml"),
        ("https://github.com/o/r", "https://github.com/o/r"),
        (
            "https://gitlab.com/g/sub/r/-/blob/main/b.yaml",
            "https://gitlab.com/g/sub/r/-/raw/main/b.yaml",
        ),
        (
            "https://git.example.com:8443/g/r/-/tree/main/b.yaml?ref_type=heads",
            "https://git.example.com:8443/g/r/-/raw/main/b.yaml?ref_type=heads",
        ),
        ("https://example.com/o/r/blob/main/b.yaml", "https://example.com/o/r/blob/main/b.yaml"),
    ],
)
def test_pages_of_files_are_read_raw(address: str, raw: str) -> None:
    assert str(find_raw_address(httpx.URL(address))) == raw
