"""The folders that entities name: the documentation of a component, the skeleton of a template.

A folder is limited like its descriptor's location: nothing above the folder of a `file` location,
only committed files of a git repository, nothing at an internal address.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from backstage_py.plugins.catalog.sources.confined_folder import ConfinedFolder
from backstage_py.plugins.catalog.sources.file_text import miss, refuse
from backstage_py.plugins.catalog.sources.git_tree import GitTree
from backstage_py.plugins.catalog.sources.source_tree import SourceTree

MAX_FILES = 20_000
MAX_BYTES = 10 * 1024 * 1024


class SourceFolder(Protocol):
    """The files below a folder, by their relative paths with `/`."""

    def list_files(self) -> list[str]:
        """List the files, in order; hidden folders and symlinks are left out.

        Raises:
            DescriptorError: If the folder is missing, too large, or cannot be listed.
        """
        ...

    def list_everything(self) -> dict[str, bool]:
        """List all files, hidden folders included except `.git`, and whether each is executable.

        Raises:
            DescriptorError: As for `list_files`.
        """
        ...

    def read_bytes(self, path: str) -> bytes:
        """Read a file.

        Raises:
            MissingFileError: If it is missing.
            DescriptorError: If the path leads out, or the file is larger than `MAX_BYTES`.
        """
        ...

    def digest(self) -> str:
        """Return a text that changes with any file; empty if changes cannot be detected.

        Raises:
            DescriptorError: As for `list_files`.
        """
        ...


class LocalFolder:
    """A folder on this machine that lies below `root`."""

    def __init__(self, folder: Path, *, root: Path) -> None:
        """Open the folder.

        Raises:
            DescriptorError: If it leads out of the root.
        """
        self._folder = ConfinedFolder(root).confine(folder)
        self._confined = ConfinedFolder(self._folder)

    def list_files(self) -> list[str]:
        """List the files, in order."""
        return sorted(path.relative_to(self._folder).as_posix() for path in self._walk())

    def list_everything(self) -> dict[str, bool]:
        """List the files of hidden folders too, except for `.git`."""
        found = sorted(self._walk(hides=lambda name: name == ".git"))
        return {
            path.relative_to(self._folder).as_posix(): bool(path.stat().st_mode & 0o100)
            for path in found
        }

    def read_bytes(self, path: str) -> bytes:
        """Read a file."""
        file = self._confined.confine(self._folder / path)
        if not file.is_file():
            raise miss(path)
        try:
            with file.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise refuse(f"the file cannot be read: {error.strerror}", path) from error
        return _limit(data, path)

    def digest(self) -> str:
        """Return a text that changes with the time or the size of any file."""
        facts = [(path, path.stat()) for path in self._walk()]
        return _digest(f"{path} {stat.st_mtime_ns} {stat.st_size}" for path, stat in facts)

    def _walk(
        self, *, hides: Callable[[str], bool] = lambda name: name.startswith(".")
    ) -> Iterator[Path]:
        if not self._folder.is_dir():
            raise miss(self._folder.name)
        seen = 0
        for parent, folders, names in os.walk(self._folder):
            folders[:] = sorted(name for name in folders if not hides(name))
            for path in (Path(parent, name) for name in names):
                if path.is_file() and not path.is_symlink():
                    seen += 1
                    if seen > MAX_FILES:
                        raise _refuse_count(self._folder.name)
                    yield path


class GitFolder:
    """A folder of a commit, beside the descriptor at the address `beside` of the tree."""

    def __init__(self, tree: GitTree, target: str, *, beside: str) -> None:
        self._tree = tree
        self._target = target
        self._beside = beside

    def list_files(self) -> list[str]:
        """List the files, in order."""
        return sorted(self._list())

    def list_everything(self) -> dict[str, bool]:
        """List the files of hidden folders too; each with whether it is executable."""
        return self._tree.list_modes(self._target, beside=self._beside)

    def read_bytes(self, path: str) -> bytes:
        """Read a file as it was committed."""
        address = self._tree.resolve(f"{self._target}/{path}", beside=self._beside)
        return _limit(self._tree.read_bytes(address), path)

    def digest(self) -> str:
        """Return a text that changes with the committed content."""
        return _digest(f"{path} {object_id}" for path, object_id in sorted(self._list().items()))

    def _list(self) -> dict[str, str]:
        files = self._tree.list_folder(self._target, beside=self._beside)
        if not files:
            raise miss(self._target)
        if len(files) > MAX_FILES:
            raise _refuse_count(self._target)
        return files


class WebFolder:
    """The files below an http(s) address: only texts, and only by name."""

    def __init__(self, tree: SourceTree, address: str) -> None:
        self._tree = tree
        self._address = address.rstrip("/") + "/"

    def list_files(self) -> list[str]:
        """Refuse: web folders cannot be listed."""
        rule = "the files at a web address cannot be listed; use a file or git location"
        raise refuse(rule, self._address)

    def list_everything(self) -> dict[str, bool]:
        """Refuse, as `list_files` does."""
        self.list_files()
        return {}

    def read_bytes(self, path: str) -> bytes:
        """Read a text."""
        address = self._tree.resolve(path, beside=self._address)
        if not address.startswith(self._address):
            raise refuse("a path must stay below its folder", path)
        return self._tree.read(address).encode()

    def digest(self) -> str:
        """Return an empty text, since changes cannot be detected."""
        return ""


def _limit(data: bytes, path: str) -> bytes:
    if len(data) > MAX_BYTES:
        raise refuse(f"a file must not be larger than {MAX_BYTES} bytes", path)
    return data


def _digest(facts: Iterable[str]) -> str:
    digest = hashlib.blake2b(digest_size=20)
    for fact in facts:
        digest.update(fact.encode(errors="surrogateescape") + b"\n")
    return digest.hexdigest()


def _refuse_count(folder: str) -> Exception:
    return refuse(f"a folder must not hold more than {MAX_FILES} files", folder)
