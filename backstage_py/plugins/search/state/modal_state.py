"""The dialog of the sidebar."""

from typing import Any
from urllib.parse import urlencode

import reflex as rx

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.search.page_query import PageQuery
from backstage_py.plugins.search.query import MAX_TERM, SearchResultSet
from backstage_py.plugins.search.routes import SEARCH
from backstage_py.plugins.search.state.query_state import QueryState

SHOWN = 10


@access(CATALOG_ENTITY_READ)
class SearchModalState(QueryState, rx.State):
    """The state of the dialog."""

    @rx.var
    def address(self) -> str:
        """The address of the same search on the page."""
        return _address(self.answered_term)

    def _show(self, query: PageQuery, found: SearchResultSet, message: str) -> None:
        """Show entities before pages of their documentation; each keeps its rank."""
        super()._show(query, found, message)
        self.rows = sorted(self.rows, key=lambda row: row.type != "software-catalog")

    @rx.event
    def toggle(self, _is_open: bool) -> None:  # ruff: ignore[boolean-type-hint-positional-argument]
        """Open or close the dialog, which opens empty."""
        self._forget()

    @rx.event(background=True)
    async def search(self, term: str) -> None:
        """Search for a term; without one nothing is shown."""
        async with self:
            is_same = term == self.term
            if not term.strip():
                self._forget()
                return
        if not is_same:
            await self._ask(PageQuery(term=term[:MAX_TERM], limit=SHOWN))

    @rx.event
    def show_all(self, form: dict[str, Any]) -> Any:
        """Go on to the page."""
        term = str(form.get("term", ""))[:MAX_TERM]
        self._forget()
        return rx.redirect(_address(term))


def _address(term: str) -> str:
    return f"{SEARCH.path}?{urlencode({'query': term})}"
