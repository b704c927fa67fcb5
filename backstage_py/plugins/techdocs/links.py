"""Resolves the links of a page: other pages of its documentation are pages of the portal."""

import posixpath
import re
from urllib.parse import unquote

from backstage_py.plugins.techdocs.addresses import (
    clean_address,
    is_page,
    page_address,
    reader_path,
    resolve,
    static_path,
)
from backstage_py.plugins.techdocs.errors import PageNotFoundError
from backstage_py.plugins.techdocs.image_size import Size, read_size
from backstage_py.plugins.techdocs.site import DocsSite

START = "index.md"
MAX_SIZED_IMAGES = 50
"""Of how many images of a page the size is read."""


class PageLinks:
    """Resolves the relative links of one page."""

    def __init__(self, site: DocsSite, source: str) -> None:
        self._site = site
        self._source = source
        self._sizes: dict[str, Size | None] = {}

    def link(self, href: str) -> str | None:
        """The address for a link; None if it leads out of the documentation."""
        path, mark, rest = self._part(href)
        file = resolve(path, beside=self._source)
        by_address = resolve(path, beside=posixpath.join(page_address(self._source), "index.md"))
        address = self._find_address(file, by_address)
        if address is not None:
            return f"{reader_path(self._site.ref, address)}{mark}{rest}"
        return None if file is None else f"{static_path(self._site.ref, file)}{mark}{rest}"

    def file(self, src: str) -> str | None:
        """The address for an image; None if it leads out of the documentation."""
        file = self._find_file(src)
        return None if file is None else static_path(self._site.ref, file)

    def size(self, src: str) -> Size | None:
        """The size of an image that costs no request to read; None if it is not known.

        A page may name thousands: the first ones are read, each once.
        """
        file = self._find_file(src)
        if file is None or file not in self._site.files:
            return None
        if file not in self._sizes and len(self._sizes) < MAX_SIZED_IMAGES:
            try:
                self._sizes[file] = read_size(self._site.read(file))
            except PageNotFoundError:
                self._sizes[file] = None
        return self._sizes.get(file)

    def _find_file(self, src: str) -> str | None:
        path, _, _ = self._part(src)
        file = resolve(path, beside=self._source)
        if file is None or file not in self._site.files:
            by_address = resolve(
                path, beside=posixpath.join(page_address(self._source), "index.md")
            )
            file = by_address if by_address in self._site.files else file
        return file

    def _part(self, href: str) -> tuple[str, str, str]:
        """Split an address; a README as start page has paths that begin with the docs folder."""
        path, mark, rest = _part(href)
        below = f"{self._site.readme_docs}/"
        is_readme = bool(self._site.readme_docs) and self._source == START
        return path.removeprefix("./").removeprefix(below) if is_readme else path, mark, rest

    def _find_address(self, file: str | None, by_address: str | None) -> str | None:
        """The address of the page: by its file, or as MkDocs serves it."""
        site = self._site
        if file is not None and is_page(file) and (file in site.files or not site.is_listed):
            return page_address(file)
        if file is not None and file in site.files:
            return None
        for one in (by_address, file):
            if one is not None and clean_address(one) in site.pages:
                return clean_address(one)
        return page_address(file) if file is not None and is_page(file) else None


def _part(href: str) -> tuple[str, str, str]:
    found = re.search(r"[?#]", href)
    if found is None:
        return unquote(href), "", ""
    return unquote(href[: found.start()]), found[0], href[found.end() :]
