"""The files that steps fetch: beside a template, or at web addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from backstage_py.plugins.catalog.api import CatalogError, CatalogService, Entity
from backstage_py.plugins.scaffolder.errors import ActionError


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A fetched file, with its path below the requested folder."""

    path: str
    content: bytes
    is_executable: bool = False


class TemplateSource(Protocol):
    """Reads the `url` of steps: relative to the template, or an http(s) address.

    A `token` is used for a repository at a service, in place of the configured one.
    """

    def read_folder(self, url: str, *, token: str = "") -> list[SourceFile]:
        """Read all files of a folder, in order.

        Raises:
            ActionError: If it cannot be read, or is where the template may not read.
        """
        ...

    def read_file(self, url: str, *, token: str = "") -> SourceFile:
        """Read one file.

        Raises:
            ActionError: As for `read_folder`.
        """
        ...


class CatalogSource:
    """The files of a template in the catalog, which checks access."""

    def __init__(self, catalog: CatalogService, entity: Entity) -> None:
        self._catalog = catalog
        self._entity = entity

    def read_folder(self, url: str, *, token: str = "") -> list[SourceFile]:
        """Read all files of a folder, including those of hidden folders."""
        try:
            folder = self._catalog.open_folder(self._entity, url, token=token)
            return [
                SourceFile(path, folder.read_bytes(path), is_executable)
                for path, is_executable in folder.list_everything().items()
            ]
        except CatalogError as error:
            raise ActionError(f"{url} cannot be fetched: {error}") from error

    def read_file(self, url: str, *, token: str = "") -> SourceFile:
        """Read one file."""
        above, name = split_file_address(url)
        if not name:
            raise ActionError(f"{url} names no file")
        try:
            folder = self._catalog.open_folder(self._entity, above or ".", token=token)
            return SourceFile(name, folder.read_bytes(name))
        except CatalogError as error:
            raise ActionError(f"{url} cannot be fetched: {error}") from error


class GivenSource:
    """The files that came with a template of the editor."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {PurePosixPath(path).as_posix(): one for path, one in files.items()}

    def read_folder(self, url: str, *, token: str = "") -> list[SourceFile]:  # ruff: ignore[unused-method-argument] nothing is private
        """Read all files of a folder."""
        above = _join(url)
        below = f"{above}/" if above else ""
        found = [
            SourceFile(path.removeprefix(below), content)
            for path, content in sorted(self._files.items())
            if path.startswith(below)
        ]
        if not found:
            raise ActionError(f"{url} is not among the files of the template")
        return found

    def read_file(self, url: str, *, token: str = "") -> SourceFile:  # ruff: ignore[unused-method-argument] nothing is private
        """Read one file."""
        path = _join(url)
        if path not in self._files:
            raise ActionError(f"{url} is not among the files of the template")
        return SourceFile(path.rpartition("/")[2], self._files[path])


def split_file_address(url: str) -> tuple[str, str]:
    """Split the address of a file into its folder and its name.

    Azure DevOps has the path in the query, such as `.../_git/repo?path=/docs/a.md&version=GBmain`.
    """
    head, mark, rest = url.partition("?path=")
    if not mark:
        above, _, name = url.rpartition("/")
        return above, name
    path, ampersand, more = rest.partition("&")
    above, _, name = path.rpartition("/")
    return f"{head}{mark}{above or '/'}{ampersand}{more}", name


def _join(url: str) -> str:
    if "://" in url or url.startswith("/"):
        raise ActionError(f"{url}: only the files that came with the template can be fetched here")
    return "/".join(part for part in PurePosixPath(url).parts if part != ".")
