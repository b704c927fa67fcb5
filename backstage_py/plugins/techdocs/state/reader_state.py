"""The state of the reader: on its own pages, or in a tab of the entity's page."""

from typing import Any
from urllib.parse import unquote

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.catalog.api import EntityRef, see_catalog, visible_catalog
from backstage_py.plugins.techdocs.addresses import TAB
from backstage_py.plugins.techdocs.reading import Reading, read
from backstage_py.plugins.techdocs.routes import find_docs_path
from backstage_py.plugins.techdocs.rows import NavRow, PageRow, SiteRow
from backstage_py.plugins.techdocs.service import get_techdocs
from backstage_py.plugins.techdocs.state.site_search_state import SiteSearchState
from backstage_py.portal.session import current_user
from backstage_py.portal.slow_work import TooBusyError, rendering


class ReaderState(rx.State, mixin=True):
    """The content of the path `shown`; `missing` or `moved_to` are set if it is not a page."""

    shown: rx.Field[str] = rx.field("")
    site_path: rx.Field[str] = rx.field("")
    site: rx.Field[SiteRow] = rx.field(default_factory=SiteRow)
    nav: rx.Field[list[NavRow]] = rx.field(default_factory=list)
    page: rx.Field[PageRow] = rx.field(default_factory=PageRow)
    missing: rx.Field[str] = rx.field("")
    moved_to: rx.Field[str] = rx.field("")

    async def _read(self, base_of: Any) -> Any:
        """Read the content of the address; returns an event that redirects if a page has moved.

        Call it in a background event, outside of `async with self`.

        Args:
            base_of: Returns the path of the start page for an entity's reference.
        """
        async with self:
            path = self.router.url.path
            ref = _find_ref(self.router_data)
            user = current_user(self)
        base = base_of(path)
        try:
            reading = await rendering.run(
                user,
                read,
                get_techdocs(),
                see_catalog(user),
                ref,
                rest=unquote(path[len(base) :]),
                base=base,
            )
        except TooBusyError as error:
            reading = Reading(missing=str(error))
        if reading.moved_to and not reading.leaves_portal:
            return rx.redirect(reading.moved_to, replace=True)
        async with self:
            if self.router.url.path == path:
                self._show(path, base, reading)
        return None

    def _show(self, path: str, base: str, reading: Reading) -> None:
        self.missing, self.moved_to = reading.missing, reading.moved_to
        self.site_path = base if reading.site else ""
        site, page = reading.site or SiteRow(), reading.page or PageRow()
        if self.site != site:
            self.site = site
        if self.nav != reading.nav:
            self.nav = reading.nav
        if self.page != page:
            self.page = page
        self.shown = path


@access(CATALOG_ENTITY_READ)
class TechDocsReaderState(ReaderState, rx.State):
    """The reader's own pages."""

    @rx.event(background=True)
    async def load(self) -> Any:
        """Show the page of the address."""
        event = await self._read(lambda path: "/".join(path.split("/")[:5]))
        return [SiteSearchState.close, *([event] if event else [])]


@access(CATALOG_ENTITY_READ)
class EntityTechdocsState(ReaderState, rx.State):
    """The tab of an entity's page."""

    docs_path: rx.Field[str] = rx.field("")
    """The path of the entity's documentation in the reader; empty if it has none."""

    @rx.event(background=True)
    async def load(self) -> Any:
        """Check whether there is documentation, and show it if the tab is open."""
        async with self:
            path, ref = self.router.url.path, _find_ref(self.router_data)
            entity = visible_catalog(self).find_entity(ref.kind, ref.namespace, ref.name)
            self.docs_path = find_docs_path(entity) if entity else ""
        base = "/".join(path.split("/")[:5]) + TAB
        if f"{path}/".startswith(f"{base}/"):
            return await self._read(lambda _: base)
        return None


def _find_ref(router_data: dict[str, Any]) -> EntityRef:
    params = {key: str(value) for key, value in router_data.get("query", {}).items()}
    return EntityRef(params["kind"], params["namespace"], params["name"])
