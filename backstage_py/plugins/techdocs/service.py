"""The documentation as a service, independent of pages and browsers."""

import functools
import hashlib
import html
import time
from collections import defaultdict
from dataclasses import dataclass
from threading import Lock

from backstage_py.analytics import load_config
from backstage_py.plugins.catalog.api import CatalogError, CatalogService, Entity, get_catalog
from backstage_py.plugins.techdocs.addresses import page_address
from backstage_py.plugins.techdocs.documented import (
    TECHDOCS_REF,
    get_docs_entity,
    has_docs,
)
from backstage_py.plugins.techdocs.errors import NoDocsError
from backstage_py.plugins.techdocs.links import PageLinks
from backstage_py.plugins.techdocs.page_cache import BoundedCache
from backstage_py.plugins.techdocs.page_text import find_title, part_front_matter
from backstage_py.plugins.techdocs.renderer import Heading, RenderedMarkdown, Renderer
from backstage_py.plugins.techdocs.settings import TechDocsSettings
from backstage_py.plugins.techdocs.site import DocsSite
from backstage_py.plugins.techdocs.site_builder import SiteBuilder, Watch
from backstage_py.plugins.techdocs.snippets import has_snippets, include_snippets

CHECK_SECONDS = 2.0
"""How long a documentation is shown before its files are checked for changes."""
CACHE_CHARACTERS = 32_000_000
KEPT_SITES = 200


@dataclass(frozen=True, slots=True)
class DocsPage:
    """A rendered page; `html` is clean. `problem` is for its authors to fix."""

    address: str
    source: str
    title: str
    html: str
    headings: tuple[Heading, ...]
    edit_url: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Kept:
    site: DocsSite
    watch: Watch
    checked: float


class TechDocsService:
    """The documentation of the catalog's entities."""

    def __init__(
        self,
        catalog: CatalogService,
        *,
        renderer: Renderer | None = None,
        settings: TechDocsSettings | None = None,
        check_seconds: float = CHECK_SECONDS,
    ) -> None:
        settings = settings or TechDocsSettings()
        self._catalog = catalog
        hosts = settings.sanitizer.allowed_iframe_hosts
        self._renderer = renderer or Renderer(
            iframe_hosts=hosts, plantuml_server=settings.plantuml_server or ""
        )
        self._check_seconds = check_seconds
        self._sites: BoundedCache[_Kept] = BoundedCache(KEPT_SITES)
        self._pages: BoundedCache[DocsPage] = BoundedCache(CACHE_CHARACTERS)
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)

    def list_entities(self) -> list[Entity]:
        """List the entities that have documentation, their own or another entity's."""
        return [entity for entity in self._catalog.index.entities if has_docs(entity)]

    def list_sites(self) -> list[Entity]:
        """List the entities that have documentation of their own."""
        return [one for one in self.list_entities() if one.annotations.get(TECHDOCS_REF)]

    def get_site(self, entity: Entity) -> DocsSite:
        """Get the current documentation of an entity.

        Raises:
            NoDocsError: If there is none, or it cannot be read.
        """
        owner = get_docs_entity(self._catalog, entity)
        target = owner.annotations[TECHDOCS_REF]
        with self._locks[entity.entity_ref]:
            try:
                return self._find_site(entity, owner, target)
            except CatalogError as error:
                raise NoDocsError(str(error)) from error

    def get_page(self, site: DocsSite, address: str) -> DocsPage:
        """Get a page; it is rendered on first use and after changes.

        Raises:
            PageNotFoundError: If there is none at this address.
        """
        source = site.find_source(address)
        written = site.read_text(source)
        _, text = part_front_matter(written)
        if has_snippets(text):
            text = include_snippets(text, site.read_snippet)
        key = _digest(site.digest, str(site.ref), source, text)
        page = self._pages.find(key)
        if page is None:
            page = self._render(site, source, text, find_page_title(site, source, written))
            self._pages.put(key, page, len(page.html) + len(key))
        return page

    def close(self) -> None:
        """End the process that renders."""
        self._renderer.close()

    def _find_site(self, entity: Entity, owner: Entity, target: str) -> DocsSite:
        key = f"{entity.entity_ref} {owner.entity_ref} {owner.etag} {entity.etag}"
        kept, now = self._sites.find(key), time.monotonic()
        open_folder = functools.partial(self._catalog.open_folder, owner)
        if kept is not None and now - kept.checked < self._check_seconds:
            return kept.site
        if kept is not None and kept.site.digest == kept.watch.fingerprint(open_folder, target):
            self._sites.put(key, _Kept(kept.site, kept.watch, now), 1)
            return kept.site
        site, watch = SiteBuilder(entity, target, open_folder).build()
        self._sites.put(key, _Kept(site, watch, now), 1)
        return site

    def _render(self, site: DocsSite, source: str, text: str, title: str) -> DocsPage:
        links = PageLinks(site, source)
        rendered = self._renderer.render(
            text,
            link=links.link,
            file=links.file,
            size=links.size,
            extensions=site.extensions,
        )
        return DocsPage(
            address=page_address(source),
            source=source,
            title=title,
            html=_with_title(rendered, title),
            headings=rendered.headings,
            edit_url=site.edit_url(source),
            problem=rendered.problem,
        )


def find_page_title(site: DocsSite, source: str, text: str) -> str:
    """The title of a page: from the navigation, its front matter, its heading or its file."""
    return site.titles.get(page_address(source)) or find_title(text, source)


def _with_title(rendered: RenderedMarkdown, title: str) -> str:
    """The page, with its title on top if it has no heading of the first level, as in MkDocs."""
    if any(one.level == 1 for one in rendered.headings):
        return rendered.html
    return f"<h1>{html.escape(title)}</h1>\n{rendered.html}"


def _digest(*parts: str) -> str:
    digest = hashlib.blake2b(digest_size=20)
    for part in parts:
        digest.update(part.encode(errors="replace") + b"\0")
    return digest.hexdigest()


@functools.cache
def get_techdocs() -> TechDocsService:
    """The documentation of this process.

    Raises:
        ConfigurationError: If a key of `techdocs` is wrong.
    """
    return TechDocsService(get_catalog(), settings=TechDocsSettings.read(load_config()))
