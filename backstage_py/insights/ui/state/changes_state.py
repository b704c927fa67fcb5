"""What changed in the page's week."""

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, AnalyticsError, access, utc_now
from backstage_py.insights import Scope, Viewer
from backstage_py.insights.ui.alerting import read_changes
from backstage_py.insights.ui.movement_rows import ChangesPage, build_changes, week_of
from backstage_py.insights.ui.state.page_state import InsightsState

_logger = logging.getLogger(__name__)


@access(ANALYTICS_INSIGHTS_READ)
class ChangesState(rx.State):
    """The movements of a week that matter."""

    page: rx.Field[ChangesPage] = rx.field(default_factory=ChangesPage)
    is_loaded: rx.Field[bool] = rx.field(False)
    _latest: str = ""

    @rx.event(background=True)
    async def load(self) -> AsyncGenerator[Any]:
        """Look for what changed in the last seven days of the page's time."""
        ticket = uuid.uuid4().hex
        async with self:
            self.is_loaded, self._latest = False, ticket
            insights = await self.get_state(InsightsState)
            viewer, scope = insights.viewer(), insights.reading.scope
        yield
        if viewer is None:
            return
        page = await asyncio.to_thread(_read, scope, viewer)
        async with self:
            if self._latest == ticket:
                self.page, self.is_loaded = page, True
        yield


def _read(scope: Scope, viewer: Viewer) -> ChangesPage:
    try:
        return build_changes(read_changes(week_of(scope, utc_now()), viewer))
    except AnalyticsError as error:
        return ChangesPage(problem=str(error))
    except SQLAlchemyError as error:
        _logger.warning("What changed cannot be read: %s", error)
        return ChangesPage(problem="The database does not answer. Try again.")
