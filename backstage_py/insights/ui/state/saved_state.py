"""The saved questions of the person who is looking at the explorer."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, access
from backstage_py.insights.ui.host import get_host, visitor_of
from backstage_py.insights.ui.places import path_of
from backstage_py.insights.ui.saved import CannotSaveError, SavedQuestion, SavedQuestions
from backstage_py.insights.ui.state.page_state import InsightsState

_logger = logging.getLogger(__name__)


@access(ANALYTICS_INSIGHTS_READ)
class SavedState(rx.State):
    """The saved questions, and why the last one was not saved."""

    questions: rx.Field[list[SavedQuestion]] = rx.field(default_factory=list)
    problem: rx.Field[str] = rx.field("")

    @rx.event
    async def load(self) -> None:
        """Show what is kept."""
        await self._do(lambda _saved, _user: None)

    @rx.event
    async def save(self, form: dict[str, Any]) -> None:
        """Keep the question that is shown."""
        page = await self.get_state(InsightsState)
        explorer = path_of("explorer")
        path = f"{explorer}?{page.address}" if page.address else explorer
        question = SavedQuestion(str(form.get("name", "")).strip(), path)
        await self._do(lambda saved, user: saved.save(user, question))

    @rx.event
    async def remove(self, name: str) -> None:
        """Forget a question."""
        await self._do(lambda saved, user: saved.remove(user, name))

    async def _do(self, work: Callable[[SavedQuestions, str], None]) -> None:
        caller, saved = visitor_of(self), get_host().saved
        user = caller.user or ""
        if caller.viewer is None or saved is None:
            self.questions = []
            return

        def read() -> list[SavedQuestion]:
            work(saved, user)
            return saved.list(user) if user else []

        try:
            self.questions, self.problem = await asyncio.to_thread(read), ""
        except CannotSaveError as error:
            self.problem = str(error)
        except SQLAlchemyError as error:
            _logger.warning("The kept questions are not read: %s", error)
            self.problem = "The database is not responding. Nothing was changed."
