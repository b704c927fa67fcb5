"""The search within one documentation. Source: `TechDocsSearch` of `@backstage/plugin-techdocs`."""

import asyncio
import logging
import uuid

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import CATALOG_ENTITY_READ, access
from backstage_py.plugins.catalog.api import see_catalog
from backstage_py.plugins.search.api import MAX_TERM, SearchQuery, ask_as
from backstage_py.plugins.techdocs.collator import TECHDOCS
from backstage_py.plugins.techdocs.rows import FoundRow, build_found
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

SHOWN = 8
NO_ANSWER = "The search does not answer: the database cannot be read."


@access(CATALOG_ENTITY_READ)
class SiteSearchState(rx.State):
    """The last answer; `answer` is its id."""

    term: rx.Field[str] = rx.field("")
    rows: rx.Field[list[FoundRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    answer: rx.Field[str] = rx.field("")
    answered_term: rx.Field[str] = rx.field("")
    message: rx.Field[str] = rx.field("")
    _latest: str = ""

    @rx.event(background=True)
    async def search(self, term: str, namespace: str, kind: str, name: str) -> None:
        """Search a term in the documentation of an entity."""
        ticket = uuid.uuid4().hex
        async with self:
            if term.strip() == self.term.strip():
                return
            self._latest = ticket
            user = current_user(self)
            self.term = term[:MAX_TERM]
            if not term.strip():
                self._forget()
                return
        filters = {"namespace": (namespace,), "kind": (kind,), "name": (name,)}
        query = SearchQuery(term[:MAX_TERM], types=(TECHDOCS,), filters=filters, limit=SHOWN)
        try:
            found = await asyncio.to_thread(ask_as, user, query)
        except SQLAlchemyError as error:
            _logger.warning("A search is not answered: %s", error)
            found = None
        entity = see_catalog(user).find_entity(kind, namespace, name)
        async with self:
            if self._latest != ticket:
                return
            self.message = "" if found else NO_ANSWER
            self.rows = build_found(found, entity.title if entity else "") if found else []
            self.total = found.total if found else 0
            self.answer = ticket if found else ""
            self.answered_term = self.term

    @rx.event
    def close(self) -> None:
        """Close the results and clear the term."""
        self._forget()

    def _forget(self) -> None:
        self._latest = ""
        self.term, self.answer, self.answered_term, self.message = "", "", "", ""
        self.rows, self.total = [], 0
