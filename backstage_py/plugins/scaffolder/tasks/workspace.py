"""The folder a task works in; no path of a template leads out of it."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from backstage_py.plugins.scaffolder.errors import WorkspaceError

MAX_FILES = 20_000
MAX_BYTES = 256 * 1024 * 1024
MAX_NAME_BYTES = 255
MAX_ANY_DEPTH = 2
"""How many `**` a pattern may have: each one multiplies the folders to search."""

_EXECUTABLE, _PLAIN = 0o755, 0o644
_GIT = ".git"
_ANY_DEPTH = "**"


@dataclass(frozen=True, slots=True)
class WorkspaceFile:
    """A file by its path below the workspace, with `/`."""

    path: str
    size: int
    is_executable: bool


class Workspace:
    """Reads and writes below one folder; symlinks are never followed and never written.

    Every method raises `WorkspaceError` for a path that leads out, that cannot be used, or that
    git keeps for itself, and when the files would become too many or too large.
    """

    def __init__(
        self, root: Path, *, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES
    ) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True)
        self._max_files, self._max_bytes = max_files, max_bytes
        files = self.list_files()
        self._files_left = max_files - len(files)
        self._bytes_left = max_bytes - sum(file.size for file in files)

    def list_files(self, path: str = "") -> list[WorkspaceFile]:
        """List the files below a folder, or a file itself, in order; symlinks are left out."""
        found = self._resolve(path)
        if found.is_file():
            return [self._describe(found)]
        return sorted(map(self._describe, _walk(found)), key=lambda file: file.path)

    def list_folder(self, path: str, *, recursive: bool) -> tuple[list[str], list[str]]:
        """List the folders and the files in a folder, by their paths below the workspace."""
        folder = self._resolve(path)
        if not folder.is_dir():
            raise WorkspaceError(f"{path}: there is no such folder in the workspace")
        found = sorted(folder.rglob("*") if recursive else folder.iterdir())
        plain = [one for one in found if not one.is_symlink()]
        folders = [self._write_path(one) for one in plain if one.is_dir()]
        return folders, [self._write_path(one) for one in plain if one.is_file()]

    def exists(self, path: str) -> bool:
        """Whether a file or a folder exists."""
        return self._resolve(path).exists()

    def read_bytes(self, path: str) -> bytes:
        """Read a file."""
        file = self._resolve(path)
        if not file.is_file():
            raise WorkspaceError(f"{path}: there is no such file in the workspace")
        return file.read_bytes()

    def write_bytes(self, path: str, content: bytes, *, is_executable: bool = False) -> None:
        """Write a file, replacing an existing one."""
        file = self._resolve(path)
        if file == self.root or file.is_dir():
            raise WorkspaceError(f"{path}: a folder is there, where a file is to be written")
        self._spend(file, len(content))
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod(_EXECUTABLE if is_executable else _PLAIN)
        except OSError as error:
            raise WorkspaceError(f"{path}: cannot be written: {error.strerror}") from error

    def make_folder(self, path: str) -> None:
        """Make a folder and its parents, unless it exists."""
        try:
            self._resolve(path).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceError(f"{path}: cannot be made: {error.strerror}") from error

    def delete(self, pattern: str) -> list[str]:
        """Delete and return a file or folder, or all that match a pattern like `docs/**/*.tmp`."""
        deleted: list[str] = []
        for found in self._find(pattern):
            if found == self.root:
                raise WorkspaceError(f"{pattern}: the workspace itself cannot be deleted")
            if found.exists():
                deleted.append(self._write_path(found))
                self._remove(found)
        return deleted

    def rename(self, source: str, target: str, *, overwrite: bool = False) -> None:
        """Move a file or a folder."""
        old, new = self._resolve(source), self._resolve(target)
        if old == self.root or not old.exists():
            raise WorkspaceError(f"{source}: there is nothing in the workspace to rename")
        if new == self.root or new.is_relative_to(old):
            raise WorkspaceError(f"{target}: is inside the folder to be renamed, {source}")
        if new.exists():
            if not overwrite:
                raise WorkspaceError(f"{target}: is there already; set overwrite: true")
            self._remove(new)
        new.parent.mkdir(parents=True, exist_ok=True)
        old.rename(new)

    def resolve_folder(self, path: str) -> Path:
        """Return the path of an existing folder, for reading only."""
        folder = self._resolve(path)
        if not folder.is_dir():
            raise WorkspaceError(f"{path}: there is no such folder in the workspace")
        return folder

    def _resolve(self, path: str) -> Path:
        """Resolve a path, which must not go through a symlink."""
        place = self.root
        for part in split_path(path):
            place /= part
            if place.is_symlink():
                raise WorkspaceError(f"{path}: leads over a symlink, which is not followed")
        return place

    def _find(self, pattern: str) -> list[Path]:
        if not _is_pattern(pattern):
            return [self._resolve(pattern)]
        parts = split_path(pattern)
        if parts.count(_ANY_DEPTH) > MAX_ANY_DEPTH:
            raise WorkspaceError(
                f"{pattern[:80]}: ** may appear in it at most {MAX_ANY_DEPTH} times"
            )
        try:
            found = sorted(self.root.glob("/".join(parts)))
        except (ValueError, NotImplementedError) as error:
            raise WorkspaceError(f"{pattern}: must be a usable pattern: {error}") from error
        return [place for place in found if not self._leads_out(place)]

    def _leads_out(self, place: Path) -> bool:
        """Whether a parent of `place` is a symlink that leads out of the workspace."""
        return not place.parent.resolve().is_relative_to(self.root)

    def _remove(self, place: Path) -> None:
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()

    def _spend(self, file: Path, size: int) -> None:
        """Count a file to be written; deleted files do not free space."""
        count = 0 if file.exists() else 1
        if count > self._files_left:
            raise WorkspaceError(f"the workspace would hold more than {self._max_files} files")
        if size > self._bytes_left:
            raise WorkspaceError(f"the workspace would hold more than {self._max_bytes} bytes")
        self._files_left -= count
        self._bytes_left -= size

    def _describe(self, file: Path) -> WorkspaceFile:
        facts = file.stat()
        return WorkspaceFile(self._write_path(file), facts.st_size, bool(facts.st_mode & 0o100))

    def _write_path(self, place: Path) -> str:
        return place.relative_to(self.root).as_posix()


def split_path(path: str) -> tuple[str, ...]:
    """Split a relative path, and refuse one that leads elsewhere.

    Raises:
        WorkspaceError: If it is absolute, goes up, or has an invalid name.
    """
    if path.startswith(("/", "~")) or "\\" in path or "\0" in path:
        raise WorkspaceError(f"{path[:80]!r} must be a relative path with /")
    parts = tuple(part for part in PurePosixPath(path).parts if part != ".")
    for part in parts:
        if part == "..":
            raise WorkspaceError(f"{path[:80]!r} leads out of the workspace; leave out the ..")
        if part.lower().rstrip(". ") == _GIT:
            raise WorkspaceError(f"{path[:80]!r}: {_GIT} belongs to git and is not written")
        if not _is_file_name(part):
            raise WorkspaceError(
                f"{path[:80]!r}: a name must be text of at most {MAX_NAME_BYTES} bytes"
            )
    return parts


def _is_file_name(name: str) -> bool:
    try:
        return len(name.encode()) <= MAX_NAME_BYTES
    except UnicodeEncodeError:
        return False


def _walk(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for file in (Path(parent, name) for name in names):
            if file.is_file() and not file.is_symlink():
                yield file


def _is_pattern(path: str) -> bool:
    return any(mark in path for mark in "*?[")
