"""Reads files that a descriptor names, only below the folder of the catalog.

A descriptor is written by anyone with write access to a repository; it must not be able to show
`/etc/passwd` on a page, by `..`, by an absolute path or through a symlink.
"""

import glob
import os
import re
from pathlib import Path

from backstage_py.plugins.catalog.sources.file_text import (
    MAX_FILE_BYTES,
    decode_text,
    miss,
    refuse,
    refuse_size,
)
from backstage_py.plugins.catalog.sources.web_address import hide_credentials

_NETWORK_TARGET = re.compile(r"(url:|[a-z][a-z0-9+.-]*://)", re.IGNORECASE)


class ConfinedFolder:
    """A folder tree that no path leads out of."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def find_files(self, target: str, *, beside: Path) -> list[Path]:
        """Find the files that match a path or glob relative to a folder, in order.

        A plain path is returned even if no file exists, and a file found by a glob even if it is a
        symlink out of the folder: `confine` and `read_text` check that.
        """
        _refuse_network(target)
        static = find_static_folder(target)
        folder = self.confine(beside / static)
        if not glob.has_magic(target):
            return [beside / target]
        try:
            found = sorted(folder.glob(str(Path(target).relative_to(static))))
            return [path for path in found if path.is_file()]
        except (OSError, ValueError) as error:
            raise refuse(f"must be a usable pattern: {error}", target) from error

    def read_text(self, target: str, *, beside: Path) -> str:
        """Read one file as UTF-8."""
        _refuse_network(target)
        data = _read_bytes(self.confine(beside / target), target)
        return decode_text(data, target)

    def confine(self, path: Path) -> Path:
        """Resolve a path, symlinks included, and refuse it if it leads out."""
        try:
            resolved = path.resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise refuse("must be a usable path", path.name) from error
        if not resolved.is_relative_to(self._root):
            rule = "a path must stay below the folder of the catalog location"
            raise refuse(rule, os.path.relpath(path, self._root))
        return resolved


def find_static_folder(target: str) -> Path:
    """Find the deepest folder of a path or glob that is written without a wildcard."""
    folder = Path(target).parent
    while glob.has_magic(str(folder)):
        folder = folder.parent
    return folder


def _read_bytes(path: Path, target: str) -> bytes:
    try:
        if not path.is_file():
            raise miss(target)
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise refuse(f"the file cannot be read: {error.strerror}", target) from error
    if len(data) > MAX_FILE_BYTES:
        raise refuse_size(target)
    return data


def _refuse_network(target: str) -> None:
    if _NETWORK_TARGET.match(target):
        raise refuse("only files are read here", hide_credentials(target))
