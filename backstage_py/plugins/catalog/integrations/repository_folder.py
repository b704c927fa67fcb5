"""A folder of a repository at one of the services, as a `SourceFolder`."""

import hashlib
import time
from collections.abc import Callable
from threading import Lock

from backstage_py.plugins.catalog.integrations.archive import (
    MAX_ARCHIVE_BYTES,
    MAX_FILE_BYTES,
    ArchiveFile,
    unpack,
)
from backstage_py.plugins.catalog.integrations.integrations import FoundRepository
from backstage_py.plugins.catalog.integrations.repository import RepositoryRequest
from backstage_py.plugins.catalog.sources.file_text import miss, refuse
from backstage_py.plugins.catalog.sources.url_fetch import Asked, UrlFetcher

KEPT_SECONDS = 60.0
KEPT_BYTES = 64 * 1024 * 1024

Files = dict[str, ArchiveFile]


class RepositoryCache:
    """Caches recent downloads, so that not every page of documentation costs one."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._kept: dict[tuple[str, str], tuple[float, int, Files]] = {}
        self._lock = Lock()

    def get(self, url: str, below: str, read: Callable[[], Files]) -> Files:
        """Return the files of a request, downloaded again if they are too old."""
        key = (url, below)
        with self._lock:
            at, _, files = self._kept.get(key, (0.0, 0, {}))
        if files and self._now() - at < KEPT_SECONDS:
            return files
        files = read()
        with self._lock:
            self._kept.pop(key, None)
            size = sum(len(file.content) for file in files.values())
            self._kept[key] = (self._now(), size, files)
            self._forget()
        return files

    def _forget(self) -> None:
        """Drop entries that are too old, and the oldest while the cache is too large."""
        until = self._now() - KEPT_SECONDS
        self._kept = {key: one for key, one in self._kept.items() if one[0] > until}
        while sum(size for _, size, _ in self._kept.values()) > KEPT_BYTES:
            self._kept.pop(next(iter(self._kept)))


class RepositoryFolder:
    """Downloads the folder's archive when its files are listed; else reads single files."""

    def __init__(
        self,
        found: FoundRepository,
        fetcher: UrlFetcher,
        cache: RepositoryCache,
        *,
        address: str,
        token: str = "",
    ) -> None:
        """Open the folder.

        Args:
            found: The repository and path.
            fetcher: Downloads it; its time limit must allow for an archive.
            cache: Keeps downloads a while, except those made with a user's token.
            address: The address for error messages.
            token: Used in place of the configured one.
        """
        self._found = found
        self._fetcher = fetcher
        self._cache = RepositoryCache() if token else cache
        self._address = address
        self._token = token
        self._files: Files | None = None

    def list_files(self) -> list[str]:
        """List the files, in order; those in hidden folders are left out."""
        return [path for path in self._load() if "/." not in f"/{path.rpartition('/')[0]}/"]

    def list_everything(self) -> dict[str, bool]:
        """List the files of hidden folders too; each with whether it is executable."""
        return {path: file.is_executable for path, file in self._load().items()}

    def read_bytes(self, path: str) -> bytes:
        """Read a file; only this file is requested unless the archive is loaded."""
        if self._files is None:
            return self._fetch_file(path)
        if path not in self._files:
            raise miss(path)
        return self._files[path].content

    def digest(self) -> str:
        """Return a text that changes with any file."""
        digest = hashlib.blake2b(digest_size=20)
        for path, file in self._load().items():
            head = f"{path}\0{len(file.content)}\0"
            digest.update(head.encode(errors="surrogateescape") + file.content)
        return digest.hexdigest()

    def _load(self) -> Files:
        if self._files is None:
            asked = self._found.host.request_archive(self._found.place, self._token)
            self._files = self._cache.get(str(asked.url), asked.below, lambda: self._unpack(asked))
        return self._files

    def _unpack(self, asked: RepositoryRequest) -> Files:
        data = self._get(asked, self._address, MAX_ARCHIVE_BYTES)
        files = unpack(data, below=asked.below, address=self._address, dropped=asked.dropped)
        if not files:
            raise miss(self._address)
        return files

    def _fetch_file(self, path: str) -> bytes:
        if ".." in path.split("/"):
            raise refuse("a path must stay below its folder", path)
        place = self._found.find_file(path).place
        asked, address = self._found.host.request_file(place, self._token), self._name(path)
        files = self._cache.get(
            str(asked.url),
            "",
            lambda: {path: ArchiveFile(self._get(asked, address, MAX_FILE_BYTES))},
        )
        return files[path].content

    def _get(self, asked: RepositoryRequest, address: str, max_bytes: int) -> bytes:
        more = Asked(asked.headers, may_be_internal=self._found.is_named)
        return self._fetcher.fetch_bytes(
            asked.url, address=address, asked=more, max_bytes=max_bytes
        )

    def _name(self, path: str) -> str:
        return f"{self._address.rstrip('/')}/{path}"
