"""Getting a text over http(s) without letting its address reach into the internal network.

A descriptor is written by whoever may write to a repository, and the portal stands where they do
not: each host is resolved, all its addresses must be public, and the connection goes to one of the
very addresses that were checked (OWASP, Server-Side Request Forgery Prevention).
"""

import asyncio
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from backstage_py.plugins.catalog.sources.public_address import Resolver, find_addresses, is_public
from backstage_py.plugins.catalog.sources.reading_settings import ReadingSettings
from backstage_py.plugins.catalog.sources.web_address import WebAddressError, parse_web_address

MAX_REDIRECTS = 5
TIMEOUT_SECONDS = 10.0
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
    """A text, the address that gave it in the end, and what its host knows this version by."""

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


@cache
def _trust_store() -> ssl.SSLContext:
    return httpx.create_ssl_context()


def open_transport() -> httpx.AsyncBaseTransport:
    """Open connections that serve one request each.

    Connections are pooled by address, and one that was opened for a host must not serve another
    at the same address, whose certificate nobody looked at.
    """
    limits = httpx.Limits(max_keepalive_connections=0)
    return httpx.AsyncHTTPTransport(verify=_trust_store(), limits=limits, trust_env=False)


@dataclass(frozen=True, slots=True)
class UrlFetcher:
    """Gets texts from public hosts, and from the internal ones that the settings allow."""

    settings: ReadingSettings
    resolve: Resolver
    open_transport: Callable[[], httpx.AsyncBaseTransport]
    seconds: float = TIMEOUT_SECONDS

    def fetch(self, url: httpx.URL, *, address: str, known: FetchedText | None) -> FetchedText:
        """Get the text behind a URL, or the known one if it has not changed.

        `address` stands for the URL in errors.
        """
        with ThreadPoolExecutor(1) as beside_any_event_loop:
            job = _Fetch(self, address, known)
            return beside_any_event_loop.submit(asyncio.run, job.run(url)).result()


@dataclass(frozen=True, slots=True)
class _Fetch:
    """One text on its way, over all redirects."""

    fetcher: UrlFetcher
    address: str
    known: FetchedText | None

    async def run(self, url: httpx.URL) -> FetchedText:
        try:
            async with (
                asyncio.timeout(self.fetcher.seconds),
                self.fetcher.open_transport() as transport,
            ):
                return await self._follow(transport, url)
        except TimeoutError as error:
            rule = f"the host does not answer in full within {self.fetcher.seconds:g} seconds"
            raise self._refuse(rule) from error
        except httpx.DecodingError as error:
            raise self._refuse("the host sends a file that does not unpack as gzip") from error
        except httpx.RequestError as error:
            raise self._refuse(_explain(error)) from error

    async def _follow(self, transport: httpx.AsyncBaseTransport, url: httpx.URL) -> FetchedText:
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
            raise self._refuse(f"the host redirects to what cannot be read: {error}") from error
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
        if not self.fetcher.settings.allows(url) and not all(map(is_public, found)):
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
        extensions = {
            "sni_hostname": url.raw_host.decode(),
            "timeout": {"connect": CONNECT_SECONDS},
        }
        return httpx.Request("GET", url.copy_with(host=ip), headers=headers, extensions=extensions)

    async def _take(self, response: httpx.Response, url: httpx.URL) -> FetchedText:
        status = response.status_code
        if status == HTTPStatus.NOT_MODIFIED and self.known and self.known.list_conditions(url):
            return self.known
        if status in _GONE:
            raise miss(self.address)
        if status != HTTPStatus.OK:
            raise self._refuse(f"the host answers {_name_status(status)}")
        text = decode_text(await self._read_body(response), self.address)
        headers = response.headers
        return FetchedText(url, text, headers.get("ETag", ""), headers.get("Last-Modified", ""))

    async def _read_body(self, response: httpx.Response) -> bytes:
        packing = response.headers.get("Content-Encoding", "").strip().lower()
        if packing not in _UNPACKABLE:
            raise self._refuse("the host sends a file packed in another way than gzip")
        data = bytearray()
        async for chunk in response.aiter_bytes():
            data += chunk
            if len(data) > MAX_FILE_BYTES:
                raise refuse_size(self.address)
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
