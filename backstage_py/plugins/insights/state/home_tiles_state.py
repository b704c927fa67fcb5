"""The pinned tiles of the start page."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import SIGNED_IN, AnalyticsError, access, utc_now
from backstage_py.insights.ui.dashboarding import get_dashboards
from backstage_py.insights.ui.host import visitor_of
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.plugins.insights.home_tiles import HomeTile, read_home_tiles


@access(SIGNED_IN)
class HomeTilesState(rx.State):
    """The tiles; none for people who may not see Insights."""

    tiles: rx.Field[list[HomeTile]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)

    @rx.event(background=True)
    async def load(self) -> AsyncGenerator[Any]:
        """Read them."""
        async with self:
            caller = visitor_of(self)
        try:
            tiles = await asyncio.to_thread(
                read_home_tiles, caller, get_dashboards(), get_insights_service(), utc_now()
            )
        except (AnalyticsError, SQLAlchemyError):
            tiles = []
        async with self:
            self.tiles, self.is_loaded = tiles, True
        yield
