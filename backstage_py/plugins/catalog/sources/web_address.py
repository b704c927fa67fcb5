"""The http(s) addresses of descriptors: their rules, and the addresses of their text."""

import re
from urllib.parse import urljoin

import httpx

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)", re.IGNORECASE)
_NOT_SENT = re.compile(r"[\x00-\x1f\x7f\\]")
_CREDENTIALS = re.compile(r"([a-z][a-z0-9+.-]*:)?.*@", re.DOTALL | re.IGNORECASE)
_GITHUB_FILE = re.compile(r"/(?P<repository>[^/]+/[^/]+)/(blob|tree)/(?P<path>.+)")
_GITLAB_FILE = re.compile(r"(?P<repository>/.+?/-)/(blob|tree)/(?P<path>.+)")
_MAX_PORT = 65535


class WebAddressError(Exception):
    """The rule that an address breaks."""


def find_scheme(target: str) -> str:
    """Find the scheme that a target begins with, in lower case; empty for a relative target."""
    match = _SCHEME.match(target)
    return match[0].lower() if match else ""


def parse_web_address(text: str) -> httpx.URL:
    """Read an absolute http(s) address in its canonical form, without its fragment.

    Raises:
        WebAddressError: If it is not one, or contains a user name or a password.
    """
    scheme = find_scheme(text)
    if scheme not in {"http", "https"}:
        raise WebAddressError("an address must begin with https:// or http://")
    _check_characters(text)
    try:
        url = httpx.URL(scheme + text[len(scheme) :])
        url = url.copy_with(raw_path=url.raw_path, fragment=None)
    except httpx.InvalidURL as error:
        raise WebAddressError("an address must be a valid URL") from error
    if url.userinfo:
        rule = "an address must not carry a user name or a password; take out all before the @"
        raise WebAddressError(rule)
    if not url.host or (url.port is not None and not 0 < url.port <= _MAX_PORT):
        raise WebAddressError("an address must name a host, and a port up to 65535 if any")
    return url


def join_web_address(beside: str, target: str) -> str:
    """Resolve a relative target against the address of the file it is in (RFC 3986 5).

    Raises:
        WebAddressError: If the target cannot be part of an address.
    """
    _check_characters(target)
    try:
        return urljoin(beside, target)
    except ValueError as error:
        raise WebAddressError("an address must be a valid URL") from error


def hide_credentials(text: str) -> str:
    """Remove a possible user name and password from an address that was refused."""
    return _CREDENTIALS.sub(r"\1//…@", text, count=1)


def has_wildcard(url: httpx.URL) -> bool:
    """Tell whether the path of an address is a glob."""
    path = url.raw_path.decode().partition("?")[0]
    return any(mark in path for mark in "*[]")


def find_raw_address(url: httpx.URL) -> httpx.URL:
    """Find the address of the text of a file shown as a page by github.com or a GitLab.

    Backstage does the same (`getGitHubFileFetchUrl`, `getGitLabFileFetchUrl`).
    """
    path = url.raw_path.decode()
    if url.host == "github.com" and (file := _GITHUB_FILE.fullmatch(path.partition("?")[0])):
        raw = f"https://raw.githubusercontent.com/{file['repository']}/{file['path']}"
        return httpx.URL(raw)
    if file := _GITLAB_FILE.fullmatch(path):
        return url.copy_with(raw_path=f"{file['repository']}/raw/{file['path']}".encode())
    return url


def _check_characters(text: str) -> None:
    if _NOT_SENT.search(text):
        raise WebAddressError("an address must have no backslashes or control characters")
