"""The addresses of a documentation's pages and files.

A page has the address that MkDocs gives it, without the slash at the end: `guide/setup.md` is at
`guide/setup`, and an `index.md` or a `README.md` at its folder.
"""

import posixpath
from urllib.parse import quote

from backstage_py.plugins.catalog.api import EntityRef

READER = "/docs"
STATIC = "/api/techdocs/static"
TAB = "/docs"

_SUFFIXES = (".md", ".markdown", ".mkdn", ".mkd", ".mdown")
_INDEXES = {"index", "readme"}


def reader_path(ref: EntityRef, address: str = "") -> str:
    """The path of a page in the reader."""
    return _join(READER, ref, address)


def static_path(ref: EntityRef, file: str) -> str:
    """The path at which a file of the documentation is served."""
    return _join(STATIC, ref, file)


def is_page(file: str) -> bool:
    """Whether a file is a page."""
    return file.lower().endswith(_SUFFIXES)


def page_address(file: str) -> str:
    """The address of a page below its site."""
    folder, name = posixpath.split(file)
    stem = posixpath.splitext(name)[0]
    return folder if stem.lower() in _INDEXES else posixpath.join(folder, stem)


def list_sources(address: str) -> list[str]:
    """The files that may be the page at an address."""
    folder = f"{address}/" if address else ""
    own = [f"{address}.md"] if address else []
    return [*own, f"{folder}index.md", f"{folder}README.md"]


def clean_address(path: str) -> str:
    """The normalized address of a page from an address bar."""
    address = path.strip("/").removesuffix("/index.html")
    return "" if address == "index.html" else address.removesuffix(".html")


def resolve(path: str, *, beside: str) -> str | None:
    """Resolve a path relative to another file; None if it leads out."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(beside), path))
    if joined.startswith(("../", "/")) or joined == "..":
        return None
    return "" if joined == "." else joined


def _join(base: str, ref: EntityRef, rest: str) -> str:
    parts = [ref.namespace.lower(), ref.kind.lower(), ref.name, *(rest.split("/") if rest else ())]
    return "/".join([base, *(quote(part, safe="") for part in parts)])
