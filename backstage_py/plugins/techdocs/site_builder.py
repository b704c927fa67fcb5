"""Builds a documentation from a folder: `mkdocs.yml`, the pages, the navigation.

Source of the rules: MkDocs 1.6 (navigation, README as index), mkdocs-monorepo-plugin (`!include`,
`*include`), mkdocs-redirects, and `@backstage/plugin-techdocs-node` for what is missing.
"""

import hashlib
import logging
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from backstage_py.plugins.catalog.api import CatalogError, Entity, MissingFileError, SourceFolder
from backstage_py.plugins.techdocs.addresses import (
    is_page,
    page_address,
    resolve,
    static_path,
)
from backstage_py.plugins.techdocs.errors import NoDocsError, PageNotFoundError
from backstage_py.plugins.techdocs.page_text import find_title, name_title
from backstage_py.plugins.techdocs.repository import find_edit_base, find_source_url
from backstage_py.plugins.techdocs.site import DocsFile, DocsPart, DocsSite, NavNode, Neighbour
from backstage_py.plugins.techdocs.site_config import (
    NavEntry,
    SiteConfig,
    SiteConfigError,
    read_site_config,
)

_logger = logging.getLogger(__name__)

CONFIG_NAMES = ("mkdocs.yml", "mkdocs.yaml")
MAX_INCLUDES = 200
MAX_INCLUDE_DEPTH = 5

OpenFolder = Callable[[str], SourceFolder]

_PLAIN_NAME = re.compile(r"[\w-]+(?:/[\w-]+)*")
_INCLUDE = re.compile(r"(?P<mark>[!*])include\s+(?P<path>.+)")
_WEB = re.compile(r"https?://|mailto:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Watch:
    """The inputs of a site: names of its configurations, patterns, and its docs folders."""

    configs: tuple[str, ...]
    patterns: tuple[str, ...]
    folders: tuple[str, ...]

    def fingerprint(self, open_folder: OpenFolder, target: str) -> str:
        """A text that changes when the site has to be rebuilt.

        Raises:
            CatalogError: If a folder cannot be read.
        """
        root = open_folder(target)
        digest = hashlib.blake2b(digest_size=20)
        for name in self.configs:
            digest.update(_read_if_there(root, name) + b"\0")
        for pattern in self.patterns:
            digest.update("\n".join(_match_files(root, pattern)).encode() + b"\0")
        for folder in self.folders:
            digest.update(_digest_if_there(open_folder(join_target(target, folder))))
        return digest.hexdigest()


@dataclass(slots=True)
class _Build:
    """The state of a build."""

    parts: list[DocsPart] = field(default_factory=list[DocsPart])
    files: dict[str, DocsFile] = field(default_factory=dict[str, DocsFile])
    configs: list[str] = field(default_factory=list[str])
    patterns: list[str] = field(default_factory=list[str])
    folders: list[str] = field(default_factory=list[str])
    problems: list[str] = field(default_factory=list[str])
    is_listed: bool = True


class SiteBuilder:
    """Builds the documentation that an entity names."""

    def __init__(self, entity: Entity, target: str, open_folder: OpenFolder) -> None:
        """Prepare.

        Args:
            entity: The documented entity.
            target: The value of `techdocs-ref`.
            open_folder: Opens a folder that the entity may read.
        """
        self._entity = entity
        self._target = target
        self._open_folder = open_folder
        self._source_url = find_source_url(entity.annotations, target)
        self._found = _Build()

    def build(self) -> tuple[DocsSite, Watch]:
        """Build the site, and return what to watch.

        Raises:
            NoDocsError: If there is nothing to show.
            CatalogError: If the folder cannot be read.
        """
        root = self._open_folder(self._target)
        config_name, config = self._find_config(root)
        self._add_part(config, folder="", mount="")
        readme_docs = self._add_readme(root, config)
        entries = self._include(root, config.nav or (), folder="", mount="", depth=0)
        found = self._found
        if not any(map(is_page, found.files)) and found.is_listed:
            raise NoDocsError(_explain_nothing(config_name, config))
        nav_maker = _NavMaker(self._entity, found)
        nav = nav_maker.make(entries) if config.nav is not None else nav_maker.make_from_files()
        order = tuple(_list_order(nav))
        watch = Watch(tuple(found.configs), tuple(found.patterns), tuple(found.folders))
        site = DocsSite(
            ref=self._entity.ref,
            name=config.name or self._entity.title,
            description=config.description,
            repo_url=config.repo_url or self._source_url,
            extensions=config.extensions,
            files=found.files,
            pages={page_address(file): file for file in sorted(found.files) if is_page(file)},
            nav=tuple(nav),
            order=order,
            titles={one.address: one.title for one in reversed(order)},
            parts=tuple(found.parts),
            root=root,
            readme_docs=readme_docs,
            is_excluded=config.make_filter(),
            is_listed=found.is_listed,
            redirects=_read_redirects(config.redirects),
            problem=" ".join(found.problems),
            digest=watch.fingerprint(self._open_folder, self._target),
        )
        return site, watch

    def _find_config(self, root: SourceFolder) -> tuple[str, SiteConfig]:
        for name in CONFIG_NAMES:
            try:
                return name, self._read_config(root, name)
            except MissingFileError:
                continue
            except SiteConfigError as error:
                self._remark(f"{name}: {error}.")
                return name, SiteConfig()
        self._found.configs += CONFIG_NAMES
        return "", SiteConfig()

    def _read_config(self, root: SourceFolder, name: str) -> SiteConfig:
        text = root.read_bytes(name).decode("utf-8-sig", errors="replace")
        self._found.configs.append(name)
        return read_site_config(text)

    def _add_part(self, config: SiteConfig, *, folder: str, mount: str) -> None:
        """Add the docs folder of a configuration in `folder`."""
        docs = resolve(config.docs_dir, beside=posixpath.join(folder, "mkdocs.yml"))
        if docs is None:
            self._remark(
                f"docs_dir: {config.docs_dir!r} leads out of the documentation;"
                " name a folder below that of mkdocs.yml."
            )
            return
        base = find_edit_base(
            repo_url=config.repo_url,
            edit_uri=config.edit_uri,
            source_url=self._source_url,
            docs_path=docs,
        )
        part = DocsPart(self._open_folder(join_target(self._target, docs)), mount, base)
        self._found.parts.append(part)
        self._found.folders.append(docs)
        files = _list_files(part.folder)
        if files is None:
            self._found.is_listed = False
            files = _list_named(config.nav or (NavEntry(target="index.md"),))
        is_excluded = config.make_filter()
        for path in _without_doubles(one for one in files if not is_excluded(one)):
            self._found.files[posixpath.join(mount, path)] = DocsFile(part, path)

    def _add_readme(self, root: SourceFolder, config: SiteConfig) -> str:
        """Show the README beside `mkdocs.yml` if the docs have no start page.

        Returns the path from it to the docs, empty if it is not shown.
        """
        found = self._found
        if any(page_address(file) == "" for file in found.files if is_page(file)):  # ruff: ignore[compare-to-empty-string]
            return ""
        if not found.is_listed or not _read_if_there(root, "README.md"):
            return ""
        found.files["index.md"] = DocsFile(DocsPart(root), "README.md")
        found.configs.append("README.md")
        return posixpath.normpath(config.docs_dir)

    def _include(
        self,
        root: SourceFolder,
        entries: Iterable[NavEntry],
        *,
        folder: str,
        mount: str,
        depth: int,
    ) -> list[NavEntry]:
        """Replace the includes of a navigation, and move its targets below `mount`."""
        result: list[NavEntry] = []
        for entry in entries:
            include = _INCLUDE.fullmatch(entry.target)
            if include is None:
                below = self._include(root, entry.children, folder=folder, mount=mount, depth=depth)
                target = _mount_target(entry.target, mount)
                result.append(replace(entry, target=target, children=tuple(below)))
                continue
            paths = self._find_included(root, include, folder)
            sites = [self._include_site(root, path, mount, depth) for path in paths]
            result += _place_included(entry, include["mark"], [one for one in sites if one])
        return result

    def _find_included(self, root: SourceFolder, include: re.Match[str], folder: str) -> list[str]:
        written = include["path"].strip().strip("'\"")
        path = resolve(written, beside=posixpath.join(folder, "mkdocs.yml"))
        if path is None:
            self._remark(f"nav: the include {written!r} leads out of the documentation.")
            return []
        if include["mark"] == "!":
            return [path]
        self._found.patterns.append(path)
        try:
            return _match_files(root, path)
        except CatalogError as error:
            self._remark(f"nav: the include {written!r} cannot be resolved: {error}.")
            return []

    def _include_site(
        self, root: SourceFolder, path: str, mount: str, depth: int
    ) -> NavEntry | None:
        if depth >= MAX_INCLUDE_DEPTH or len(self._found.parts) >= MAX_INCLUDES:
            self._remark(f"nav: {path!r} is not included, there are too many includes.")
            return None
        try:
            config = self._read_config(root, path)
        except (CatalogError, SiteConfigError) as error:
            self._remark(f"nav: {path!r} cannot be included: {error}.")
            return None
        folder = posixpath.dirname(path)
        own = self._choose_mount(posixpath.join(mount, _to_mount(config.name or folder)))
        self._add_part(config, folder=folder, mount=own)
        nav = config.nav
        if nav is None:
            return NavEntry(config.name, children=tuple(_list_entries(self._found.files, own)))
        below = self._include(root, nav, folder=folder, mount=own, depth=depth + 1)
        return NavEntry(config.name, children=tuple(below))

    def _choose_mount(self, wanted: str) -> str:
        taken = {part.mount for part in self._found.parts}
        count, mount = 1, wanted
        while mount in taken:
            count += 1
            mount = f"{wanted}-{count}"
        return mount

    def _remark(self, problem: str) -> None:
        _logger.warning("TechDocs of %s: %s", self._entity.entity_ref, problem)
        self._found.problems.append(problem)


class _NavMaker:
    """Makes the navigation from entries; broken ones are left out and logged."""

    def __init__(self, entity: Entity, found: _Build) -> None:
        self._entity = entity
        self._found = found

    def make(self, entries: Iterable[NavEntry]) -> list[NavNode]:
        return [node for entry in entries if (node := self._make_node(entry))]

    def make_from_files(self) -> list[NavNode]:
        return self.make(_list_entries(self._found.files, ""))

    def _make_node(self, entry: NavEntry) -> NavNode | None:
        if entry.children:
            children = self.make(entry.children)
            return NavNode(entry.title or "More", children=tuple(children)) if children else None
        if not entry.target:
            return None
        if _WEB.match(entry.target):
            return NavNode(entry.title or entry.target, url=entry.target)
        path, _, fragment = entry.target.partition("#")
        file = resolve(path, beside="")
        if file is None or file not in self._found.files:
            ref = self._entity.entity_ref
            _logger.warning("TechDocs of %s: nav: %r is not there", ref, entry.target)
            return None
        if not is_page(file):
            return NavNode(entry.title or file, url=static_path(self._entity.ref, file))
        address = page_address(file) + (f"#{fragment}" if fragment else "")
        return NavNode(entry.title or self._find_title(file), address)

    def _find_title(self, file: str) -> str:
        place = self._found.files[file]
        try:
            text = place.part.folder.read_bytes(place.path).decode("utf-8-sig", errors="replace")
        except (CatalogError, PageNotFoundError):
            return name_title(file)
        return find_title(text, file)


def join_target(target: str, folder: str) -> str:
    """The target of a folder below another target."""
    return f"{target.rstrip('/')}/{folder}" if folder else target


def _list_files(folder: SourceFolder) -> list[str] | None:
    """The files; empty if the folder is missing, None if it cannot be listed."""
    try:
        return folder.list_files() if folder.digest() else None
    except MissingFileError:
        return []


def _digest_if_there(folder: SourceFolder) -> bytes:
    try:
        return folder.digest().encode()
    except MissingFileError:
        return b"-"


def _read_if_there(root: SourceFolder, name: str) -> bytes:
    try:
        return root.read_bytes(name)
    except CatalogError:
        return b""


def _match_files(root: SourceFolder, pattern: str) -> list[str]:
    depth = pattern.count("/")
    return [
        path
        for path in root.list_files()
        if path.count("/") == depth and PurePosixPath(path).match(pattern)
    ]


def _list_named(entries: Iterable[NavEntry]) -> list[str]:
    """The files that a navigation names."""
    named: list[str] = []
    for entry in entries:
        named += _list_named(entry.children)
        file = resolve(entry.target.partition("#")[0], beside="") if entry.target else None
        if file and not _WEB.match(entry.target) and not _INCLUDE.match(entry.target):
            named.append(file)
    return named


def _without_doubles(files: Iterable[str]) -> Iterator[str]:
    """Leave out a README beside an index: both are the page of their folder."""
    listed = list(files)
    known = set(listed)
    for file in listed:
        folder, name = posixpath.split(file)
        if name.lower() != "readme.md" or posixpath.join(folder, "index.md") not in known:
            yield file


def _list_entries(files: Iterable[str], mount: str) -> list[NavEntry]:
    """The default navigation: the pages of a folder, then its folders."""
    below = f"{mount}/" if mount else ""
    pages = [file for file in files if is_page(file) and file.startswith(below)]
    own = sorted((one for one in pages if "/" not in one[len(below) :]), key=_index_first)
    folders = sorted({one[len(below) :].split("/")[0] for one in pages if one not in set(own)})
    return [
        *(NavEntry(target=one) for one in own),
        *(
            NavEntry(name_title(folder), children=tuple(_list_entries(pages, f"{below}{folder}")))
            for folder in folders
        ),
    ]


def _index_first(file: str) -> tuple[bool, str]:
    return PurePosixPath(file).stem.lower() not in {"index", "readme"}, file


def _list_order(nodes: Iterable[NavNode]) -> Iterator[Neighbour]:
    for node in nodes:
        if node.address is not None and "#" not in node.address:
            yield Neighbour(node.title, node.address)
        yield from _list_order(node.children)


def _place_included(entry: NavEntry, mark: str, sites: list[NavEntry]) -> list[NavEntry]:
    if mark == "*":
        return [NavEntry(entry.title, children=tuple(sites))] if entry.title else sites
    return [NavEntry(entry.title or one.title, children=one.children) for one in sites]


def _mount_target(target: str, mount: str) -> str:
    return posixpath.join(mount, target) if target and not _WEB.match(target) else target


def _to_mount(name: str) -> str:
    """The mount point of an included site: its name, if that can be part of an address."""
    if _PLAIN_NAME.fullmatch(name):
        return name
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "included"


def _read_redirects(redirects: Mapping[str, str]) -> dict[str, str]:
    result: dict[str, str] = {}
    for old, new in redirects.items():
        source, _, _ = old.partition("#")
        path, mark, fragment = new.partition("#")
        target = resolve(path, beside="")
        if _WEB.match(new):
            result[page_address(source)] = new
        elif target is not None:
            result[page_address(source)] = f"{page_address(target)}{mark}{fragment}"
    return result


def _explain_nothing(config_name: str, config: SiteConfig) -> str:
    if config_name:
        return f"{config_name} is there, but no page in its docs_dir ({config.docs_dir})"
    return "there is neither a mkdocs.yml nor a page in docs/"
