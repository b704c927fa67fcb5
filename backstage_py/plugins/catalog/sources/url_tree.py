"""Descriptors at http(s) addresses: locations of type `url`."""

from collections.abc import Callable

import httpx

from backstage_py.plugins.catalog.errors import MissingFileError
from backstage_py.plugins.catalog.integrations.integrations import Integrations
from backstage_py.plugins.catalog.integrations.repository_folder import (
    RepositoryCache,
    RepositoryFolder,
)
from backstage_py.plugins.catalog.sources.file_text import refuse
from backstage_py.plugins.catalog.sources.public_address import Resolver, resolve_host
from backstage_py.plugins.catalog.sources.reading_settings import ReadingSettings
from backstage_py.plugins.catalog.sources.source_folder import SourceFolder, WebFolder
from backstage_py.plugins.catalog.sources.url_fetch import (
    ARCHIVE_SECONDS,
    NOTHING_MORE,
    TIMEOUT_SECONDS,
    Asked,
    FetchedText,
    UrlFetcher,
    open_transport,
)
from backstage_py.plugins.catalog.sources.web_address import (
    WebAddressError,
    find_raw_address,
    find_scheme,
    has_wildcard,
    hide_credentials,
    parse_web_address,
)


class UrlTree:
    """The files that http(s) addresses name, as a `SourceTree`.

    Relative targets resolve as on a web page (RFC 3986 5), also beside a file that a
    service of the integrations shows. A tree that is reused only downloads changed files.
    """

    def __init__(
        self,
        settings: ReadingSettings,
        *,
        integrations: Integrations | None = None,
        resolve: Resolver = resolve_host,
        open_transport: Callable[[], httpx.AsyncBaseTransport] = open_transport,
        seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._integrations = integrations or Integrations()
        self._fetcher = UrlFetcher(settings, resolve, open_transport, seconds)
        self._archives = UrlFetcher(settings, resolve, open_transport, ARCHIVE_SECONDS)
        self._cache = RepositoryCache()
        self._known: dict[str, FetchedText] = {}

    def find(self, target: str, *, beside: str | None) -> list[str]:
        """Find the address of a target; globs are refused, since the web cannot be listed."""
        return [self._join(target, beside)]

    def resolve(self, target: str, *, beside: str) -> str:
        """Find the address that a substitution in the file `beside` names."""
        return self._join(target, beside)

    def read(self, address: str) -> str:
        """Get the text at an address."""
        url, asked = self._locate(address)
        known = self._known.get(address)
        try:
            fetched = self._fetcher.fetch(url, address=address, known=known, asked=asked)
        except MissingFileError:
            self._known.pop(address, None)
            raise
        if fetched.etag or fetched.modified:
            self._known[address] = fetched
        return fetched.text

    def label(self, address: str) -> str:
        """Return the address itself."""
        return address

    def open_folder(self, address: str, *, token: str = "") -> SourceFolder:
        """Open a folder: of a repository, or of any other host, which cannot be listed.

        `token` is used in place of the configured one.
        """
        found = self._integrations.find(str(_parse(address)))
        if found is None:
            return WebFolder(self, address)
        return RepositoryFolder(found, self._archives, self._cache, address=address, token=token)

    def _locate(self, address: str) -> tuple[httpx.URL, Asked]:
        """Find the address of a text, and the extras of its request."""
        found = self._integrations.find(str(_parse(address)))
        if found is None or not found.place.path:
            return find_raw_address(_parse(address)), NOTHING_MORE
        asked = found.host.request_file(found.place)
        return asked.url, Asked(asked.headers, may_be_internal=found.is_named)

    def _join(self, target: str, beside: str | None) -> str:
        if beside is not None and not find_scheme(target):
            if target.startswith("/") and not target.startswith("//"):
                rule = "a target beside a URL must be relative to it or a URL, not a local path"
                raise refuse(rule, target)
            target = self._resolve(beside, target)
        url = _parse(target)
        if has_wildcard(url):
            rule = "an address must not be a glob; name each file, or list them in a Location"
            raise refuse(rule, target)
        return str(url)

    def _resolve(self, beside: str, target: str) -> str:
        try:
            return self._integrations.join(beside, target)
        except WebAddressError as error:
            raise refuse(str(error), hide_credentials(target)) from error


def _parse(text: str) -> httpx.URL:
    try:
        return parse_web_address(text)
    except WebAddressError as error:
        raise refuse(str(error), hide_credentials(text)) from error
