"""Chooses the tree that a location or a substitution is read from, by its type.

From `LocationEntityProcessor` and `PlaceholderProcessor` of Backstage 1.54: a target belongs to the
tree of the file that names it, unless it is a full URL; files from the network may not name files
of this machine.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from backstage_py.plugins.catalog.errors import DescriptorError, ProcessingError, show_value
from backstage_py.plugins.catalog.sources.confined_folder import find_static_folder
from backstage_py.plugins.catalog.sources.folder_tree import FolderTree
from backstage_py.plugins.catalog.sources.git_tree import GitTree
from backstage_py.plugins.catalog.sources.locations import CatalogLocation
from backstage_py.plugins.catalog.sources.source_folder import (
    GitFolder,
    LocalFolder,
    SourceFolder,
)
from backstage_py.plugins.catalog.sources.source_tree import SourceTree

FILE, URL, GIT = "file", "url", "git"
LOCATION_TYPES = (FILE, URL, GIT)

_FULL_URL = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedTree:
    """A tree, and the type of the locations that lead into it."""

    type: str
    tree: SourceTree


class WebTree(SourceTree, Protocol):
    """The tree of all http(s) addresses, which opens folders of repositories too."""

    def open_folder(self, address: str, *, token: str = "") -> SourceFolder:
        """Open the folder at an address; `token` is used in place of the configured one."""
        ...


class Sources:
    """The trees of one refresh."""

    def __init__(
        self,
        base_dir: Path,
        *,
        urls: WebTree,
        git: Callable[[], GitTree],
        file_roots: Sequence[Path] = (),
        provided: Mapping[tuple[str, str], SourceTree] | None = None,
    ) -> None:
        """Set up the trees.

        Args:
            base_dir: The base of relative targets in the configuration.
            urls: The tree of all `url` locations.
            git: Returns a tree of all `git` locations, in one state.
            file_roots: The folders of the configured `file` locations.
            provided: The trees of providers, by the type and the target of their locations.
        """
        self._base_dir = base_dir
        self._url_tree = urls
        self._urls = TypedTree(URL, urls)
        self._git_tree = git()
        self._git = TypedTree(GIT, self._git_tree)
        self._file_roots = file_roots
        self._provided = provided or {}

    def open(self, location: CatalogLocation) -> TypedTree:
        """Return the tree of a location of the configuration, or of a registered one.

        Raises:
            DescriptorError: If there is none.
        """
        provided = self._provided.get((location.type, location.target))
        if provided is not None and not location.is_registered:
            return TypedTree(location.type, provided)
        match location.type:
            case "file":
                root = self._find_root(location)
                return TypedTree(FILE, FolderTree(root, base_dir=self._base_dir))
            case "url":
                return self._urls
            case "git":
                if location.is_registered:
                    self._git_tree.require_own_repository(location.target)
                return self._git
            case _:
                raise _refuse(f"the type must be one of {', '.join(LOCATION_TYPES)}", str(location))

    def follow(self, location: CatalogLocation, own: TypedTree) -> TypedTree:
        """Return the tree of a target in a `Location` that was read from the tree `own`.

        Raises:
            DescriptorError: If the type is unknown, or leads from the network to this machine.
        """
        if location.type not in {"", *LOCATION_TYPES}:
            return self.open(location)
        if _FULL_URL.match(location.target):
            return self._urls
        if location.type in {"", URL, own.type}:
            return own
        if own.type == URL:
            raise _refuse(
                "files from the network must not name files of this machine", str(location)
            )
        return self._git if location.type == GIT else own

    def of_substitution(self, target: str, own: TypedTree) -> SourceTree:
        """Return the tree that a substitution in a file of the tree `own` is read from."""
        return self._urls.tree if _FULL_URL.match(target) else own.tree

    def open_folder(self, target: str, *, described_at: str, token: str = "") -> SourceFolder:
        """Return the folder that a descriptor names, as `backstage.io/techdocs-ref` does.

        Args:
            target: `dir:./docs`, `./docs`, `url:https://...` or `https://...`.
            described_at: Where the descriptor is, as `backstage.io/managed-by-location` says.
            token: For a repository at a service, in place of the configured one.

        Raises:
            DescriptorError: If the target is outside of the descriptor's location.
        """
        path = target.removeprefix("dir:").removeprefix("url:") or "."
        type_, _, file = described_at.partition(":")
        if _FULL_URL.match(path):
            return self._url_tree.open_folder(path, token=token)
        match type_:
            case "file":
                descriptor = self._base_dir / file
                return LocalFolder(descriptor.parent / path, root=self._find_root_of(descriptor))
            case "git":
                return GitFolder(self._git_tree, path, beside=file)
            case "url":
                address = self._url_tree.resolve(path, beside=file)
                return self._url_tree.open_folder(address, token=token)
            case _:
                raise _refuse(f"the location must be one of {', '.join(LOCATION_TYPES)}", file)

    def _find_root_of(self, descriptor: Path) -> Path:
        for root in self._file_roots:
            if descriptor.resolve().is_relative_to(root.resolve()):
                return root
        raise _refuse("no location of the configuration holds the descriptor", str(descriptor))

    def _find_root(self, location: CatalogLocation) -> Path:
        folder = self._base_dir / find_static_folder(location.target)
        if not location.is_registered:
            return folder
        for root in self._file_roots:
            if folder.resolve().is_relative_to(root.resolve()):
                return root
        rule = "a registered file must lie in the folder of a location of the configuration"
        raise _refuse(rule, location.target)


def _refuse(rule: str, value: str) -> DescriptorError:
    return DescriptorError(ProcessingError(rule, value=show_value(value)))
