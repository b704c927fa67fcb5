"""The kept questions of whoever looks at the explorer."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, access
from backstage_py.plugins.insights.routes import EXPLORER
from backstage_py.plugins.insights.saved import SavedQuestion, SavedQuestions
from backstage_py.plugins.insights.state.page_state import InsightsState
from backstage_py.plugins.settings.api import SettingError, get_user_settings
from backstage_py.portal.session import current_user

_logger = logging.getLogger(__name__)


@access(ANALYTICS_INSIGHTS_READ)
class SavedState(rx.State):
    """What somebody has kept, and why something was not."""

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
        path = f"{EXPLORER.path}?{page.address}" if page.address else EXPLORER.path
        question = SavedQuestion(str(form.get("name", "")).strip(), path)
        await self._do(lambda saved, user: saved.save(user, question))

    @rx.event
    async def remove(self, name: str) -> None:
        """Forget a question."""
        await self._do(lambda saved, user: saved.remove(user, name))

    async def _do(self, work: Callable[[SavedQuestions, str], None]) -> None:
        user = current_user(self)

        def read() -> list[SavedQuestion]:
            saved = SavedQuestions(get_user_settings())
            work(saved, user)
            return saved.list(user) if user else []

        try:
            self.questions, self.problem = await asyncio.to_thread(read), ""
        except SettingError as error:
            self.problem = str(error)
        except SQLAlchemyError as error:
            _logger.warning("The kept questions are not read: %s", error)
            self.problem = "The database does not answer. Nothing was changed."
