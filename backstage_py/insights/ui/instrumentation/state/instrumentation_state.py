"""The instrumentation page: what is declared, what was received, and what to fix."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import (
    ANALYTICS_EVENT_READ,
    AnalyticsError,
    access,
    get_runtime,
)
from backstage_py.insights.ui.host import visitor_of
from backstage_py.insights.ui.instrumentation.rows import (
    SHOWN_ROWS,
    ErasureRow,
    Figure,
    Filter,
    FindingGroup,
    InventoryRow,
    build_erasures,
    build_figures,
    build_groups,
    build_rows,
    describe_rest,
    describe_retention,
    narrow,
)
from backstage_py.insights.ui.instrumentation.service import InstrumentationService

_logger = logging.getLogger(__name__)

NO_ANSWER = "The database is not responding. Look again in a while."
WINDOWS = {"1": "1 day", "7": "7 days", "30": "30 days", "90": "90 days"}
"""Days, and how they are called."""
FILE_NAME = "tracking-plan.yaml"


@access(ANALYTICS_EVENT_READ)
class InstrumentationState(rx.State):
    """The data of the page, and the user's choices."""

    figures: rx.Field[list[Figure]] = rx.field(default_factory=list)
    groups: rx.Field[list[FindingGroup]] = rx.field(default_factory=list)
    rows: rx.Field[list[InventoryRow]] = rx.field(default_factory=list)
    plugins: rx.Field[list[str]] = rx.field(default_factory=list)
    actions: rx.Field[list[str]] = rx.field(default_factory=list)
    retention: rx.Field[list[str]] = rx.field(default_factory=list)
    erasures: rx.Field[list[ErasureRow]] = rx.field(default_factory=list)
    rest: rx.Field[str] = rx.field("")
    problem: rx.Field[str] = rx.field("")
    window: rx.Field[str] = rx.field("30")
    text: rx.Field[str] = rx.field("")
    plugin: rx.Field[str] = rx.field("")
    action: rx.Field[str] = rx.field("")
    status: rx.Field[str] = rx.field("")
    is_allowed: rx.Field[bool] = rx.field(True)
    is_loaded: rx.Field[bool] = rx.field(False)
    _all_rows: list[InventoryRow] = []  # ruff: ignore[mutable-class-default]

    @rx.event
    async def look(self) -> None:
        """Compare what is declared with what was received until now."""
        if self._is_permitted():
            await self._review()
        self.is_loaded = True

    @rx.event
    async def choose_window(self, window: str) -> None:
        """Set how many days to look back."""
        self.window = window if window in WINDOWS else "30"
        await self.look()

    @rx.event
    def search(self, text: str) -> None:
        """Show what has these words."""
        self.text = text
        self._narrow()

    @rx.event
    def choose_plugin(self, plugin: str) -> None:
        """Show what a plugin declares; the empty one means any."""
        self.plugin = plugin
        self._narrow()

    @rx.event
    def choose_action(self, action: str) -> None:
        """Show the declarations of an action; the empty one means any."""
        self.action = action
        self._narrow()

    @rx.event
    def choose_status(self, status: str) -> None:
        """Show what was received, or never; the empty one means both."""
        self.status = status
        self._narrow()

    @rx.event
    async def download_plan(self) -> Any:
        """Hand out a tracking plan of the app as it is."""
        if not self._is_permitted():
            return None
        service = InstrumentationService(get_runtime())
        try:
            plan = await asyncio.to_thread(service.write_plan)
        except (AnalyticsError, SQLAlchemyError) as error:
            self._fail(error)
            return None
        return rx.download(data=plan, filename=FILE_NAME)

    def _is_permitted(self) -> bool:
        self.is_allowed = visitor_of(self).reads_events
        if not self.is_allowed:
            self.figures, self.groups, self.rows, self._all_rows = [], [], [], []
            self.plugins, self.actions, self.rest, self.problem = [], [], "", ""
            self.retention, self.erasures = [], []
        return self.is_allowed

    async def _review(self) -> None:
        service, days = InstrumentationService(get_runtime()), int(self.window)
        try:
            window = timedelta(days=days)
            review = await asyncio.to_thread(service.review, window, datetime.now(UTC))
            erasures = await asyncio.to_thread(service.list_erasures)
        except (AnalyticsError, SQLAlchemyError) as error:
            self._fail(error)
            return
        self.problem = ""
        self.figures = build_figures(review, days)
        self.retention = describe_retention(service.retention)
        self.erasures = build_erasures(erasures)
        self.groups = build_groups(review.findings)
        self._all_rows = build_rows(review)
        self.plugins = sorted({row.plugin for row in self._all_rows})
        self.actions = sorted({row.action for row in self._all_rows})
        self._narrow()

    def _fail(self, error: AnalyticsError | SQLAlchemyError) -> None:
        _logger.warning("The instrumentation cannot be reviewed: %s", error)
        self.problem = str(error) if isinstance(error, AnalyticsError) else NO_ANSWER

    def _narrow(self) -> None:
        chosen = Filter(self.text, self.plugin, self.action, self.status)
        fitting = narrow(self._all_rows, chosen)
        self.rows = fitting[:SHOWN_ROWS]
        self.rest = describe_rest(len(self.rows), len(fitting), len(self._all_rows))
