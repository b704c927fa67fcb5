"""Unpacks an archive in memory, safely.

Anyone with write access to a repository can write an archive: paths must not lead out of it, links
are ignored as everywhere in the catalog, and the sizes it states are not trusted.
"""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile

from backstage_py.plugins.catalog.sources.file_text import refuse

MAX_ARCHIVE_BYTES = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
MAX_FILES = 20_000
MAX_FILE_BYTES = 10 * 1024 * 1024
_CHUNK = 1024 * 1024
_BROKEN = (tarfile.TarError, zipfile.BadZipFile, BadGzipFile, EOFError, zlib.error, OSError)


@dataclass(frozen=True, slots=True)
class ArchiveFile:
    """A file of an archive."""

    content: bytes
    is_executable: bool = False


def unpack(data: bytes, *, below: str, address: str, dropped: int = 1) -> dict[str, ArchiveFile]:
    """Unpack the files below a folder, by their paths from there.

    Args:
        data: A tar.gz or a zip.
        below: The folder to unpack; empty for all.
        address: Where it came from, for errors.
        dropped: How many leading folders of the archive's paths are dropped.

    Raises:
        DescriptorError: If it is broken or too large, or a path leads out of it.
    """
    prefix = f"{below.strip('/')}/" if below.strip("/") else ""
    found: dict[str, ArchiveFile] = {}
    entries = _read_zip(data, address) if data.startswith(b"PK") else _read_tar(data, address)
    try:
        for name, file in entries:
            path = "/".join(_split(name, address)[dropped:])
            if path.startswith(prefix) and len(path) > len(prefix):
                found[path.removeprefix(prefix)] = file
    except _BROKEN as error:
        raise refuse(f"the archive cannot be unpacked: {error}", address) from error
    return dict(sorted(found.items()))


def _read_tar(data: bytes, address: str) -> Iterator[tuple[str, ArchiveFile]]:
    unpacked = _Bounded(GzipFile(fileobj=io.BytesIO(data)), address)
    count = 0
    with tarfile.open(fileobj=unpacked, mode="r|") as archive:
        for member in archive:
            count = _count(count, address)
            if not member.isreg():
                continue
            _require_size(member.size, member.name, address)
            content = archive.extractfile(member)
            if content is not None:
                is_executable = bool(member.mode & 0o100)
                yield member.name, ArchiveFile(content.read(), is_executable)


def _read_zip(data: bytes, address: str) -> Iterator[tuple[str, ArchiveFile]]:
    left = MAX_UNPACKED_BYTES
    count = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            count = _count(count, address)
            kind = member.external_attr >> 28
            if member.is_dir() or kind not in {0, 0o10}:
                continue
            with archive.open(member) as opened:
                content = opened.read(MAX_FILE_BYTES + 1)
            _require_size(len(content), member.filename, address)
            left -= len(content)
            if left < 0:
                raise _refuse_size(address)
            is_executable = bool(member.external_attr >> 16 & 0o100)
            yield member.filename, ArchiveFile(content, is_executable)


class _Bounded(io.RawIOBase):
    """A stream that fails after more than `MAX_UNPACKED_BYTES` bytes."""

    def __init__(self, source: GzipFile, address: str) -> None:
        super().__init__()
        self._source, self._address = source, address
        self._left = MAX_UNPACKED_BYTES

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size if size >= 0 else _CHUNK)
        self._left -= len(data)
        if self._left < 0:
            raise _refuse_size(self._address)
        return data


def _split(name: str, address: str) -> list[str]:
    """Split a path, and refuse one that leads elsewhere."""
    parts = name.split("/")
    if name.startswith("/") or "\\" in name or "\0" in name or ".." in parts:
        raise refuse(f"the archive holds a path that leads out: {name[:80]!r}", address)
    return [part for part in parts if part not in {"", "."}]


def _count(count: int, address: str) -> int:
    if count >= MAX_FILES:
        raise refuse(f"an archive must not hold more than {MAX_FILES} files", address)
    return count + 1


def _require_size(size: int, name: str, address: str) -> None:
    if size > MAX_FILE_BYTES:
        rule = f"a file must not be larger than {MAX_FILE_BYTES} bytes, but {name[:80]} is"
        raise refuse(rule, address)


def _refuse_size(address: str) -> Exception:
    return refuse(f"an archive must not unpack to more than {MAX_UNPACKED_BYTES} bytes", address)
