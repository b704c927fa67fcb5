"""Fetches texts over http(s) without reaching into the internal network.

Anyone with write access to a repository can write a descriptor, and the portal is on a network that
they may not reach. So each host is resolved, all its addresses must be public, and the connection
goes to one of the addresses that were checked (OWASP, Server-Side Request Forgery Prevention).
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus

import httpx

from backstage_py.plugins.catalog.errors import DescriptorError
from backstage_py.plugins.catalog.sources.file_text import (
    MAX_FILE_BYTES,
    decode_text,
    miss,
    refuse,
    refuse_size,
)
from backstage_py.plugins.catalog.sources.public_address import (
    Resolver,
    find_addresses,
    is_public,
    resolve_host,
)
from backstage_py.plugins.catalog.sources.reading_settings import ReadingSettings
from backstage_py.plugins.catalog.sources.web_address import WebAddressError, parse_web_address

MAX_REDIRECTS = 5
TIMEOUT_SECONDS = 10.0
ARCHIVE_SECONDS = 60.0
CONNECT_SECONDS = 3.0

_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_MOVED = {
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.SEE_OTHER,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
}
_UNPACKABLE = {"", "identity", "gzip"}


@dataclass(frozen=True, slots=True)
class FetchedText:
    """A text, its address after redirects, and its host's identifiers of this version."""

    url: httpx.URL
    text: str
    etag: str = ""
    modified: str = ""

    def list_conditions(self, url: httpx.URL) -> dict[str, str]:
        """List the headers that ask the same address whether the text has changed (RFC 9110 13)."""
        if url != self.url:
            return {}
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class Asked:
    """Extras of a request, sent to the origin of its URL only, not after a redirect.

    `headers` may hold a token. `may_be_internal`: the owner named the origin. A `body` is sent as
    `POST`.
    """

    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    may_be_internal: bool = False
    body: bytes | None = field(default=None, repr=False)


NOTHING_MORE = Asked()


@cache
def _trust_store() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def open_transport() -> httpx.AsyncBaseTransport:
    """Open connections that serve one request each.

    Connections are pooled by address, and one that was opened for a host must not serve another
    at the same address, whose certificate was not checked.
    """
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncHTTPTransport(verify=_trust_store(), limits=limits, trust_env=False)


@dataclass(frozen=True, slots=True)
class UrlFetcher:
    """Fetches texts from public hosts, and from internal ones that the settings allow."""

    settings: ReadingSettings
    resolve: Resolver = resolve_host
    open_transport: Callable[[], httpx.AsyncBaseTransport] = open_transport
    seconds: float = TIMEOUT_SECONDS

    def fetch(
        self,
        url: httpx.URL,
        *,
        address: str,
        known: FetchedText | None,
        asked: Asked = NOTHING_MORE,
    ) -> FetchedText:
        """Fetch the text of a URL, or return the known one if it has not changed.

        `address` names the URL in errors.
        """
        job = _Fetch(self, address, url, asked, known)
        body = self._run(job)
        if body is None:
            assert known is not None
            return known
        text = decode_text(body.data, address)
        answered = body.headers
        return FetchedText(
            body.url, text, answered.get("ETag", ""), answered.get("Last-Modified", "")
        )

    def fetch_bytes(
        self, url: httpx.URL, *, address: str, max_bytes: int, asked: Asked = NOTHING_MORE
    ) -> bytes:
        """Fetch the content of a URL; `address` names it in errors."""
        body = self._run(_Fetch(self, address, url, asked, max_bytes=max_bytes))
        assert body is not None
        return body.data

    def _run(self, job: "_Fetch") -> "_Body | None":
        with ThreadPoolExecutor(1) as beside_any_event_loop:
            return beside_any_event_loop.submit(asyncio.run, job.run()).result()


@dataclass(frozen=True, slots=True)
class _Body:
    """The final response."""

    url: httpx.URL
    data: bytes
    headers: httpx.Headers


@dataclass(frozen=True, slots=True)
class _Fetch:
    """One download, across all redirects; None for a known text that has not changed."""

    fetcher: UrlFetcher
    address: str
    first: httpx.URL
    asked: Asked
    known: FetchedText | None = None
    max_bytes: int = MAX_FILE_BYTES

    async def run(self) -> _Body | None:
        try:
            async with (
                asyncio.timeout(self.fetcher.seconds),
                self.fetcher.open_transport() as transport,
            ):
                return await self._follow(transport, self.first)
        except TimeoutError as error:
            rule = f"the host does not answer in full within {self.fetcher.seconds:g} seconds"
            raise self._refuse(rule) from error
        except httpx.DecodingError as error:
            raise self._refuse("the host sends a file that does not unpack as gzip") from error
        except httpx.RequestError as error:
            raise self._refuse(_explain(error)) from error

    async def _follow(self, transport: httpx.AsyncBaseTransport, url: httpx.URL) -> _Body | None:
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._ask(transport, url)
            try:
                if response.status_code not in _MOVED:
                    return await self._take(response, url)
                url = self._find_next(response, url)
            finally:
                await response.aclose()
        raise self._refuse(f"the host redirects more than {MAX_REDIRECTS} times")

    def _find_next(self, response: httpx.Response, url: httpx.URL) -> httpx.URL:
        try:
            following = parse_web_address(str(url.join(response.headers.get("Location", ""))))
        except (WebAddressError, httpx.InvalidURL) as error:
            raise self._refuse(f"the host redirects to an unusable address: {error}") from error
        if url.scheme == "https" and following.scheme != "https":
            raise self._refuse("the host redirects from https to http, which is not followed")
        return following

    async def _ask(self, transport: httpx.AsyncBaseTransport, url: httpx.URL) -> httpx.Response:
        """Send the request to the addresses of the host in turn, until one can be connected to."""
        failure: httpx.RequestError | None = None
        for ip in await self._find_addresses(url):
            try:
                return await transport.handle_async_request(self._make_request(url, ip))
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = failure or error
        assert failure is not None
        raise failure

    async def _find_addresses(self, url: httpx.URL) -> list[str]:
        host = url.raw_host.decode()
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            found = list(await find_addresses(self.fetcher.resolve, host, port))
        except (OSError, UnicodeError) as error:
            raise self._refuse(f"the host {host} is not known") from error
        if not found:
            raise self._refuse(f"the host {host} is not known")
        is_trusted = self.asked.may_be_internal and self._is_own(url)
        is_allowed = is_trusted or self.fetcher.settings.allows(url)
        if not is_allowed and not all(map(is_public, found)):
            rule = (
                f"the host {host} is not on the public internet; if the portal is to read this, "
                "name the host under backend.reading.allow in the app configuration"
            )
            raise self._refuse(rule)
        return found

    def _make_request(self, url: httpx.URL, ip: str) -> httpx.Request:
        """Address the request to an IP, and keep the host for the server and its certificate."""
        headers = {
            "Host": url.netloc.decode(),
            "User-Agent": "backstage_py",
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
        }
        if self.known:
            headers |= self.known.list_conditions(url)
        body = None
        if self._is_own(url):
            headers |= self.asked.headers
            body = self.asked.body
        extensions = {
            "sni_hostname": url.raw_host.decode(),
            "timeout": {"connect": CONNECT_SECONDS},
        }
        return httpx.Request(
            "GET" if body is None else "POST",
            url.copy_with(host=ip),
            headers=headers,
            content=body,
            extensions=extensions,
        )

    def _is_own(self, url: httpx.URL) -> bool:
        """Whether an address is at the origin of the first request."""
        first = self.first
        return (url.scheme, url.host, url.port) == (first.scheme, first.host, first.port)

    async def _take(self, response: httpx.Response, url: httpx.URL) -> _Body | None:
        status = response.status_code
        if status == HTTPStatus.NOT_MODIFIED and self.known and self.known.list_conditions(url):
            return None
        if status in _GONE:
            raise miss(self.address)
        if status != HTTPStatus.OK:
            raise self._refuse(f"the host answers {_name_status(status)}")
        return _Body(url, await self._read_body(response), response.headers)

    async def _read_body(self, response: httpx.Response) -> bytes:
        packing = response.headers.get("Content-Encoding", "").strip().lower()
        if packing not in _UNPACKABLE:
            raise self._refuse("the host sends a file packed in another way than gzip")
        data = bytearray()
        async for chunk in response.aiter_bytes():
            data += chunk
            if len(data) > self.max_bytes:
                raise refuse_size(self.address, self.max_bytes)
        return bytes(data)

    def _refuse(self, rule: str) -> DescriptorError:
        return refuse(rule, self.address)


def _explain(error: httpx.RequestError) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "the host has no certificate that the portal trusts"
    return "the host does not answer"


def _name_status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
