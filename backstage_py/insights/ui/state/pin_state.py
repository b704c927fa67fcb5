"""The dialog that pins a tile to a dashboard."""

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator, Callable
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import ANALYTICS_INSIGHTS_READ, AnalyticsError, access
from backstage_py.insights import Caller
from backstage_py.insights.dashboards.dashboard import MAX_TITLE, Pin
from backstage_py.insights.ui.dashboarding import find_reader, get_dashboards
from backstage_py.insights.ui.host import visitor_of
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.state.dashboards_state import NO_DATABASE, DashboardRow
from backstage_py.insights.ui.state.page_state import InsightsState

_logger = logging.getLogger(__name__)


@access(ANALYTICS_INSIGHTS_READ)
class PinState(rx.State):
    """Which tile is pinned, and the dashboards to choose from."""

    is_open: rx.Field[bool] = rx.field(False)
    title: rx.Field[str] = rx.field("")
    own: rx.Field[list[DashboardRow]] = rx.field(default_factory=list)
    problem: rx.Field[str] = rx.field("")
    pinned_to: rx.Field[str] = rx.field("")
    _tile: str = ""

    @rx.event(background=True)
    async def show(self, tile: str, title: str) -> AsyncGenerator[Any]:
        """Ask where to pin a tile."""
        async with self:
            self.is_open, self.title, self._tile = True, title[:MAX_TITLE], tile
            self.problem, self.pinned_to = "", ""
            caller = visitor_of(self)
        yield
        try:
            own = await asyncio.to_thread(_list_own, caller)
            problem = ""
        except SQLAlchemyError as error:
            _logger.warning("Dashboards cannot be read: %s", error)
            own, problem = [], NO_DATABASE
        async with self:
            self.own, self.problem = own, problem
        yield

    @rx.event(background=True)
    async def pin(self, form: dict[str, Any]) -> AsyncGenerator[Any]:
        """Pin the tile as the page shows it now."""
        async with self:
            page = await self.get_state(InsightsState)
            caller = visitor_of(self)
            view, tile, address = page.view, self._tile, page.address
        dashboard, new = (str(form.get(name, "")).strip() for name in ("dashboard", "new"))
        title = str(form.get("title", "")).strip()

        def make() -> Pin:
            id_ = str(uuid.uuid4())
            return Pin(id=id_, view=view, tile=tile, title=title, address=address)

        try:
            kept = await asyncio.to_thread(_keep, caller, make, dashboard, new)
            problem = ""
        except AnalyticsError as error:
            kept, problem = "", str(error)
        except SQLAlchemyError as error:
            _logger.warning("A tile cannot be pinned: %s", error)
            kept, problem = "", NO_DATABASE
        async with self:
            self.problem, self.pinned_to = problem, kept
        yield

    @rx.event
    def close(self) -> None:
        """Close the dialog, as when another page is opened."""
        self.is_open = False

    @rx.event
    def toggle(self, is_open: bool) -> None:  # ruff: ignore[boolean-type-hint-positional-argument]
        """What the dialog asks for: it is closed by its button, the Escape key, or beside it."""
        if not is_open:
            self.is_open = False


def _list_own(caller: Caller) -> list[DashboardRow]:
    if caller.viewer is None:
        return []
    reader = find_reader(caller, get_insights_service())
    found = get_dashboards().list_for(reader)
    return [DashboardRow(one.id, one.name) for one in found if one.owner == reader.user]


def _keep(caller: Caller, make: Callable[[], Pin], dashboard: str, new: str) -> str:
    """Pin a tile to a dashboard of the caller's, or to a new one; returns the dashboard's id."""
    if caller.viewer is None:
        raise AnalyticsError("insights", "is not for you", "Ask the owner of the portal")
    made = make()
    dashboards = get_dashboards()
    reader = find_reader(caller, get_insights_service())
    id_ = dashboards.add(reader, new).id if new or not dashboard else dashboard
    return dashboards.change(reader, id_, lambda one: one.with_pin(made)).id
