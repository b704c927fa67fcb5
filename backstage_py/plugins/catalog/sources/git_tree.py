"""Descriptors in local git repositories: locations of type `git`.

A target has the form of a module source of Terraform and go-getter:
`path/to/repo.git//catalog/*.yaml?ref=main`. Only what is committed is read.
"""

import os
import re
from dataclasses import dataclass
from glob import has_magic
from pathlib import Path

from backstage_py.plugins.catalog.errors import DescriptorError
from backstage_py.plugins.catalog.sources.file_text import (
    MAX_FILE_BYTES,
    decode_text,
    miss,
    refuse,
    refuse_size,
)
from backstage_py.plugins.catalog.sources.git_program import GitError, GitRefusedError, ask_git
from backstage_py.plugins.catalog.sources.path_glob import PathGlob
from backstage_py.plugins.catalog.sources.web_address import hide_credentials

DEFAULT_PATH = "catalog-info.yaml"
DEFAULT_REF = "HEAD"

_REMOTE = re.compile(r"([a-z][a-z0-9+.-]*:|[^/]+@[^/]+:)", re.IGNORECASE)
_NO_REF = re.compile(r"^[-/]|[/.]$|\.\.|@\{|//|[\x00-\x20\x7f~^:?*\[\\]")
_KIND_RULES = {
    "120000": "a symlink is not followed; name the file it points to",
    "160000": "a submodule is not read; name its own repository",
}


@dataclass(frozen=True, slots=True)
class _Place:
    """A path, or a pattern of paths, in a commit of a repository; an empty ref means HEAD."""

    repository: Path
    path: str
    ref: str

    @property
    def address(self) -> str:
        return _write(str(self.repository), self.path, self.ref)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file of a commit as `git ls-tree` lists it."""

    mode: str
    object_id: str


class GitTree:
    """The files committed to the repositories below a folder, as a `SourceTree`.

    Each ref is looked up once, so one tree sees one state; make a new one for each refresh.
    """

    def __init__(self, base_dir: Path) -> None:
        self._base_dir = base_dir.resolve()
        self._commits: dict[tuple[Path, str], str] = {}
        self._entries: dict[tuple[Path, str], dict[str, _Entry]] = {}

    def find(self, target: str, *, beside: str | None) -> list[str]:
        """Find the addresses of the files that match a path or a glob, in order."""
        place = self._parse(target) if beside is None else self._join(target, beside)
        if not has_magic(place.path):
            return [place.address]
        try:
            pattern = PathGlob(place.path)
        except ValueError as error:
            raise refuse(f"a pattern must be usable: {error}", target) from error
        entries = self._list_entries(place)
        return [
            _Place(place.repository, path, place.ref).address
            for path, entry in sorted(entries.items())
            if entry.mode != "160000" and pattern.matches(path)
        ]

    def resolve(self, target: str, *, beside: str) -> str:
        """Find the address of the file that a substitution in the file `beside` names."""
        return self._join(target, beside).address

    def read(self, address: str) -> str:
        """Read the text of a file as it was committed."""
        return decode_text(self.read_bytes(address), self.label(address))

    def read_bytes(self, address: str) -> bytes:
        """Read a file as it was committed.

        Raises:
            MissingFileError: If it was not.
            DescriptorError: If it is a link, or too large.
        """
        place = self._parse(address)
        label = self.label(address)
        entries = self._list_entries(place)
        for path in _list_upwards(place.path):
            if path in entries and (rule := _KIND_RULES.get(entries[path].mode)):
                raise refuse(rule, label)
        if place.path not in entries:
            raise miss(label)
        return self._read_object(place, entries[place.path].object_id)

    def list_folder(self, target: str, *, beside: str) -> dict[str, str]:
        """List the files of a folder, by their paths below it, with the ids of their contents.

        Links, submodules and files in hidden folders are left out.

        Raises:
            DescriptorError: If the target leads out of the repository.
        """
        return {
            path: entry.object_id
            for path, entry in self._list_below(target, beside).items()
            if "/." not in f"/{path.rpartition('/')[0]}"
        }

    def list_modes(self, target: str, *, beside: str) -> dict[str, bool]:
        """List the files of a folder, hidden ones included, with whether each is executable.

        Raises:
            DescriptorError: If the target leads out of the repository, or does not exist.
        """
        found = self._list_below(target, beside)
        if not found:
            raise miss(target)
        return {path: entry.mode == "100755" for path, entry in sorted(found.items())}

    def require_own_repository(self, target: str) -> None:
        """Refuse a target in the repository that the portal itself is in.

        Raises:
            DescriptorError: If it is, or if it leads out of the configuration's folder.
        """
        folder = self._parse(target).repository
        if folder == self._base_dir or (folder.is_dir() and not _is_repository(folder)):
            raise refuse("must name a repository of its own, not a folder of the portal's", target)

    def label(self, address: str) -> str:
        """Write the address with its repository relative to the base folder."""
        repository, path, ref = _split(address)
        folder = Path(repository)
        if folder.is_relative_to(self._base_dir):
            folder = folder.relative_to(self._base_dir)
        return _write(str(folder), path, ref)

    def _parse(self, target: str) -> _Place:
        if _REMOTE.match(target):
            rule = "only local repositories are read: a path, // and the path inside"
            raise refuse(rule, hide_credentials(target))
        repository, path, ref = _split(target)
        if _NO_REF.search(ref):
            raise refuse("?ref= must name a branch, a tag or a commit", target)
        folder = self._confine(repository, target)
        return _Place(folder, _join_paths("", path, target) or DEFAULT_PATH, ref)

    def _join(self, target: str, beside: str) -> _Place:
        place = self._parse(beside)
        if _REMOTE.match(target) or target.startswith("/") or "//" in target or "?ref=" in target:
            rule = "a target in a repository must be a relative path to a file of the same commit"
            raise refuse(rule, hide_credentials(target))
        folder = place.path.rpartition("/")[0]
        return _Place(place.repository, _join_paths(folder, target, target), place.ref)

    def _confine(self, repository: str, target: str) -> Path:
        try:
            folder = (self._base_dir / repository).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise refuse("must be a usable path", target) from error
        if not folder.is_relative_to(self._base_dir):
            rule = "a repository must lie below the folder of the app configuration"
            raise refuse(rule, target)
        return folder

    def _list_below(self, target: str, beside: str) -> dict[str, _Entry]:
        place = self._join(target, beside)
        above = f"{place.path}/" if place.path else ""
        return {
            path.removeprefix(above): entry
            for path, entry in self._list_entries(place).items()
            if path.startswith(above) and entry.mode not in _KIND_RULES
        }

    def _list_entries(self, place: _Place) -> dict[str, _Entry]:
        key = (place.repository, self._find_commit(place))
        if key not in self._entries:
            listed = self._ask(place, "ls-tree", "-r", "-z", "--full-tree", key[1])
            self._entries[key] = dict(map(_read_entry, listed.split(b"\0")[:-1]))
        return self._entries[key]

    def _find_commit(self, place: _Place) -> str:
        key = (place.repository, place.ref)
        if key not in self._commits:
            self._check_repository(place)
            self._commits[key] = self._look_up(place)
        return self._commits[key]

    def _check_repository(self, place: _Place) -> None:
        """Refuse a repository that keeps its data elsewhere, as a `.git` file may say."""
        asked = ("--absolute-git-dir", "--git-common-dir", "--git-path", "objects")
        told = self._ask(place, "rev-parse", "--path-format=absolute", *asked)
        folders = [Path(line) for line in os.fsdecode(told).splitlines()]
        if folders[0] != place.repository and not (place.repository / ".git").exists():
            raise self._refuse("no git repository is there", place)
        for folder in folders:
            if not folder.resolve().is_relative_to(self._base_dir):
                rule = "a repository must lie below the folder of the app configuration"
                raise self._refuse(f"{rule} with all its data", place)

    def _look_up(self, place: _Place) -> str:
        ref = place.ref or DEFAULT_REF
        asked = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        try:
            return ask_git(place.repository, *asked).decode().strip()
        except GitRefusedError as error:
            rule = f"the repository has no commit, tag or branch {ref}"
            raise self._refuse(rule, place) from error
        except GitError as error:
            raise self._refuse(str(error), place) from error

    def _read_object(self, place: _Place, object_id: str) -> bytes:
        if int(self._ask(place, "cat-file", "-s", object_id)) > MAX_FILE_BYTES:
            raise refuse_size(self.label(place.address))
        return self._ask(place, "cat-file", "blob", object_id)

    def _ask(self, place: _Place, *arguments: str) -> bytes:
        try:
            return ask_git(place.repository, *arguments)
        except GitError as error:
            raise self._refuse(str(error), place) from error

    def _refuse(self, rule: str, place: _Place) -> DescriptorError:
        return refuse(rule, self.label(place.address))


def _is_repository(folder: Path) -> bool:
    """Whether a folder itself is a repository, rather than a part of the one around it."""
    is_bare = (folder / "HEAD").is_file() and (folder / "objects").is_dir()
    return is_bare or (folder / ".git").exists()


def _split(target: str) -> tuple[str, str, str]:
    """Split a target into repository, path inside and ref, each empty if missing."""
    rest, mark, ref = target.rpartition("?ref=")
    repository, _, path = (rest if mark else target).partition("//")
    return repository, path, ref if mark else ""


def _write(repository: str, path: str, ref: str) -> str:
    return f"{repository}//{path}?ref={ref}" if ref else f"{repository}//{path}"


def _join_paths(folder: str, path: str, target: str) -> str:
    """Follow a path from a folder of the repository, and refuse to leave it."""
    segments = folder.split("/") if folder else []
    for segment in path.split("/"):
        if segment == ".." and segments and not has_magic(segments[-1]):
            segments.pop()
        elif segment == "..":
            raise refuse("a path must stay inside its repository", target)
        elif segment not in {"", "."}:
            segments.append(segment)
    return "/".join(segments)


def _list_upwards(path: str) -> list[str]:
    """List a path and the folders above it."""
    segments = path.split("/")
    return ["/".join(segments[:end]) for end in range(len(segments), 0, -1)]


def _read_entry(line: bytes) -> tuple[str, _Entry]:
    facts, _, name = line.partition(b"\t")
    mode, _, object_id = facts.decode("ascii").split(" ")
    return name.decode(errors="backslashreplace"), _Entry(mode, object_id)
