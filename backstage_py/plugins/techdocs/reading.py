"""Reads everything shown at an address of a documentation."""

from dataclasses import dataclass, field

from backstage_py.plugins.catalog.api import CatalogReader, EntityRef
from backstage_py.plugins.techdocs.addresses import clean_address
from backstage_py.plugins.techdocs.documented import get_docs_entity
from backstage_py.plugins.techdocs.errors import NoDocsError, PageNotFoundError
from backstage_py.plugins.techdocs.rows import (
    NavRow,
    PageRow,
    SiteRow,
    build_nav,
    build_page_row,
    build_site_row,
    is_web,
    locate,
)
from backstage_py.plugins.techdocs.service import TechDocsService

NO_ENTITY = "The catalog has no entity of this name, so there is no documentation of it."
NO_DOCS = "This entity has no documentation that can be shown: {reason}."
NO_PAGE = "This documentation has no such page. It may have been moved, or the link mistyped."


@dataclass(frozen=True, slots=True)
class Reading:
    """The content of a reader; `site` is None without documentation, `page` without a page.

    `missing` describes what was not found, `moved_to` is the page's new address.
    """

    missing: str = ""
    moved_to: str = ""
    site: SiteRow | None = None
    nav: list[NavRow] = field(default_factory=list[NavRow])
    page: PageRow | None = None

    @property
    def leaves_portal(self) -> bool:
        """Whether the page has moved out of the portal."""
        return is_web(self.moved_to)


def read(
    techdocs: TechDocsService, catalog: CatalogReader, ref: EntityRef, *, rest: str, base: str
) -> Reading:
    """Read the content of an address.

    Args:
        techdocs: The source of documentation.
        catalog: The catalog as the user may see it.
        ref: The ref of the entity.
        rest: The path after `base`, decoded.
        base: The path of this reader's start page.
    """
    entity = catalog.find_entity(ref.kind, ref.namespace, ref.name)
    if entity is None:
        return Reading(missing=NO_ENTITY)
    try:
        get_docs_entity(catalog, entity)
        site = techdocs.get_site(entity)
    except NoDocsError as error:
        return Reading(missing=NO_DOCS.format(reason=str(error).rstrip(".")))
    address = clean_address(rest)
    head = build_site_row(catalog, entity, site)
    nav = build_nav(site, base)
    try:
        page = techdocs.get_page(site, address)
    except PageNotFoundError:
        target = site.redirects.get(address)
        if target is None:
            return Reading(missing=NO_PAGE, site=head, nav=nav)
        return Reading(moved_to=target if is_web(target) else locate(base, target))
    return Reading(site=head, nav=nav, page=build_page_row(site, page, base))
