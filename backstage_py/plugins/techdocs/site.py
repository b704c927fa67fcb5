"""A documentation: its pages, their places in the navigation, and their files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from backstage_py.plugins.catalog.api import CatalogError, EntityRef, SourceFolder
from backstage_py.plugins.techdocs.addresses import list_sources, resolve
from backstage_py.plugins.techdocs.errors import PageNotFoundError
from backstage_py.plugins.techdocs.markdown_extensions import Extensions


@dataclass(frozen=True, slots=True)
class DocsPart:
    """A docs folder, shown below `mount` (empty for the site's own); `edit_base` is its address."""

    folder: SourceFolder
    mount: str = ""
    edit_base: str = ""


@dataclass(frozen=True, slots=True)
class DocsFile:
    """A file: its part, and its path there."""

    part: DocsPart
    path: str


@dataclass(frozen=True, slots=True)
class NavNode:
    """An entry of the navigation: a page, a link elsewhere, or a section of more."""

    title: str
    address: str | None = None
    url: str = ""
    children: tuple["NavNode", ...] = ()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A page beside another one in the navigation."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class DocsSite:
    """A documentation.

    `files` are all files by their path in the site, `pages` those of pages by their address,
    `order` the pages in the order of the navigation and `titles` their titles there. `root` is the
    folder of `mkdocs.yml`; if its README is the start page, `readme_docs` is the path from there to
    the docs folder. `is_listed` is false if the source cannot list its files, and then
    `is_excluded` names those that are not shown. `redirects` lead from an address to another one or
    to a URL. `extensions` are the Markdown extensions of `mkdocs.yml`. `problem` is for its authors
    to fix.
    """

    ref: EntityRef
    name: str
    description: str
    repo_url: str
    files: Mapping[str, DocsFile]
    pages: Mapping[str, str]
    nav: tuple[NavNode, ...]
    order: tuple[Neighbour, ...]
    titles: Mapping[str, str]
    parts: tuple[DocsPart, ...]
    root: SourceFolder
    readme_docs: str = ""
    is_listed: bool = True
    is_excluded: Callable[[str], bool] = lambda _file: False
    redirects: Mapping[str, str] = field(default_factory=dict[str, str])
    extensions: Extensions = ()
    problem: str = ""
    digest: str = ""

    def find_source(self, address: str) -> str:
        """The file of the page at an address.

        Raises:
            PageNotFoundError: If there is none.
        """
        source = self.pages.get(address)
        if source is None and not address and self.order:
            source = self.pages.get(self.order[0].address)
        if source is None and not self.is_listed:
            source = next((one for one in list_sources(address) if self._has(one)), None)
        if source is None:
            raise PageNotFoundError(f"there is no page at {address!r}")
        return source

    def read(self, file: str) -> bytes:
        """Read a file by its path in the site.

        Raises:
            PageNotFoundError: If it is missing, or not to be shown.
        """
        place = self.files.get(file)
        if place is None and (self.is_listed or self.is_excluded(file)):
            raise PageNotFoundError(f"there is no file {file!r}")
        place = place or DocsFile(self.parts[0], file)
        try:
            return place.part.folder.read_bytes(place.path)
        except CatalogError as error:
            raise PageNotFoundError(str(error)) from error

    def read_text(self, file: str) -> str:
        """Read a file as text, whatever bytes are in it.

        Raises:
            PageNotFoundError: If it is missing.
        """
        return self.read(file).decode("utf-8-sig", errors="replace").replace("\r\n", "\n")

    def read_snippet(self, path: str) -> str:
        """Read a file that a page includes, by its path from the folder of `mkdocs.yml`.

        Raises:
            LookupError: If it is missing.
        """
        name = resolve(path, beside="mkdocs.yml")
        if name is None:
            raise LookupError("it is not below the folder of mkdocs.yml")
        try:
            data = self.root.read_bytes(name)
        except CatalogError as error:
            raise LookupError("it is not below the folder of mkdocs.yml") from error
        return data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")

    def edit_url(self, file: str) -> str:
        """The address for editing a file; empty if unknown."""
        place = self.files.get(file)
        base = place.part.edit_base if place else ""
        return f"{base}{place.path}" if place and base else ""

    def find_neighbours(self, address: str) -> tuple[Neighbour | None, Neighbour | None]:
        """The pages before and after one in the navigation."""
        places = [place for place, one in enumerate(self.order) if one.address == address]
        if not places:
            return None, None
        place = places[0]
        before = self.order[place - 1] if place else None
        return before, self.order[place + 1] if place + 1 < len(self.order) else None

    def _has(self, file: str) -> bool:
        try:
            self.read(file)
        except PageNotFoundError:
            return False
        return True
