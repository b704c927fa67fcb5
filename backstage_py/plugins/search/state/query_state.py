"""A search in progress: the base of the page and the sidebar's dialog."""

import asyncio
import logging
import uuid

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.plugins.catalog.api import visible_catalog
from backstage_py.plugins.search.page_query import PageQuery
from backstage_py.plugins.search.query import SearchResultSet
from backstage_py.plugins.search.rows import ResultRow, build_rows
from backstage_py.plugins.search.service import ask_as
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)

NO_ANSWER = "The search does not answer: the database cannot be read."


class QueryState(rx.State, mixin=True):
    """The last answer, and the query it belongs to.

    `answer` is the id of an answer to a term, empty for a list of everything.
    """

    term: rx.Field[str] = rx.field("")
    page: rx.Field[int] = rx.field(0)
    limit: rx.Field[int] = rx.field(0)
    rows: rx.Field[list[ResultRow]] = rx.field(default_factory=list)
    total: rx.Field[int] = rx.field(0)
    answer: rx.Field[str] = rx.field("")
    answered_term: rx.Field[str] = rx.field("")
    answered_types: rx.Field[str] = rx.field("")
    is_answered: rx.Field[bool] = rx.field(False)
    message: rx.Field[str] = rx.field("")
    _latest: str = ""

    async def _ask(self, query: PageQuery) -> None:
        """Answer a query; the answer is dropped if a newer query starts meanwhile.

        Call it in a background event, outside of `async with self`.
        """
        ticket = uuid.uuid4().hex
        async with self:
            self._latest = ticket
            user = current_user(self)
            self.term, self.page, self.limit = query.term, query.page, query.limit
        try:
            found, message = await asyncio.to_thread(ask_as, user, query.to_query()), ""
        except SQLAlchemyError as error:
            _logger.warning("A search is not answered: %s", error)
            found, message = None, NO_ANSWER
        async with self:
            if self._latest == ticket:
                self._show(query, found or SearchResultSet((), 0), message)
                self.answer = ticket if query.term.strip() and found is not None else ""

    def _show(self, query: PageQuery, found: SearchResultSet, message: str) -> None:
        self.rows, self.total = build_rows(found, visible_catalog(self)), found.total
        self.answered_term = query.term
        self.answered_types = ",".join(sorted(query.types))
        self.message = message
        self.is_answered = True

    def _forget(self) -> None:
        self._latest = ""
        self.term, self.answer, self.answered_term = "", "", ""
        self.rows, self.total, self.page = [], 0, 0
        self.is_answered = False
        self.message = ""
