"""The state of the health page, updated while a browser shows it."""

import asyncio
import logging
from datetime import UTC, datetime

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import (
    ANALYTICS_EVENT_READ,
    ANALYTICS_MANAGE,
    DELIVERIES_CHANGED,
    EVENTS_STORED,
    DeliveryState,
    access,
    get_recorder,
    get_runtime,
)
from backstage_py.plugins.health.rows import (
    BackendRow,
    Figure,
    UndeliveredRow,
    build_backend_row,
    build_figures,
    build_problems,
    build_undelivered_row,
    describe_rest,
    describe_retry,
)
from backstage_py.plugins.health.service import (
    BackendHealth,
    Choice,
    HealthService,
    UndeliveredPage,
)
from backstage_py.portal.session import current_user
from backstage_py.ui.live import live_tabs

_logger = logging.getLogger(__name__)

LOOK_SECONDS = 3.0
"""The minimum time between updates. Without news the page updates every 15 s, for the ages."""
NO_ANSWER = "The database is not responding."


@access(ANALYTICS_EVENT_READ)
class HealthState(rx.State):
    """The content of the page, and the visitor's filters."""

    problems: rx.Field[list[str]] = rx.field(default_factory=list)
    figures: rx.Field[list[Figure]] = rx.field(default_factory=list)
    backends: rx.Field[list[BackendRow]] = rx.field(default_factory=list)
    events: rx.Field[list[UndeliveredRow]] = rx.field(default_factory=list)
    rest: rx.Field[str] = rx.field("")
    message: rx.Field[str] = rx.field("")
    chosen_state: rx.Field[str] = rx.field("")
    chosen_backend: rx.Field[str] = rx.field("")
    is_allowed: rx.Field[bool] = rx.field(True)
    is_answering: rx.Field[bool] = rx.field(True)
    is_loaded: rx.Field[bool] = rx.field(False)
    is_live: rx.Field[bool] = rx.field(True)

    @rx.event
    async def look(self) -> None:
        """Show the current health."""
        if self._is_permitted():
            if self.is_live:
                for topic in (EVENTS_STORED, DELIVERIES_CHANGED):
                    live_tabs.watch(self, topic, HealthState.look, seconds=LOOK_SECONDS)
            await self._show()
        self.is_loaded = True

    @rx.event
    def pause(self) -> None:
        """Stop updating."""
        self.is_live = False
        for topic in (EVENTS_STORED, DELIVERIES_CHANGED):
            live_tabs.unwatch(self, topic, HealthState.look)

    @rx.event
    async def resume(self) -> None:
        """Start updating again."""
        self.is_live = True
        await self.look()

    @rx.event
    async def choose_state(self, state: str) -> None:
        """Show only the events of a state; empty means given up and waiting."""
        self.chosen_state = state if state in set(DeliveryState) else ""
        self.message = ""
        await self.look()

    @rx.event
    async def choose_backend(self, backend: str) -> None:
        """Show only the events of a backend; empty means any."""
        self.chosen_backend = backend
        self.message = ""
        await self.look()

    @rx.event
    @access(ANALYTICS_MANAGE)
    async def retry_event(self, backend: str, event_id: str) -> None:
        """Retry an event."""
        await self._retry(backend, event_id)

    @rx.event
    @access(ANALYTICS_MANAGE)
    async def retry_all(self, backend: str) -> None:
        """Retry all events that a backend has not accepted."""
        await self._retry(backend)

    @rx.event
    def dismiss(self) -> None:
        """Dismiss the message."""
        self.message = ""

    def _is_permitted(self) -> bool:
        recorder = get_recorder()
        user = current_user(self)
        self.is_allowed = recorder.may_read(user)
        if not self.is_allowed:
            self.problems, self.figures, self.backends, self.events = [], [], [], []
            self.rest = self.message = ""
        return self.is_allowed

    async def _retry(self, backend: str, event_id: str | None = None) -> None:
        if not self._is_permitted():
            return
        service = HealthService(get_runtime())
        try:
            count = await asyncio.to_thread(service.retry, backend=backend, event_id=event_id)
        except SQLAlchemyError as error:
            _logger.warning("Nothing is tried again: %s", error)
            self.message = f"{NO_ANSWER} Nothing was changed."
        else:
            self.message = describe_retry(count, backend, is_one=event_id is not None)
        await self._show()

    async def _show(self) -> None:
        service, choice = HealthService(get_runtime()), self._choice()
        try:
            backends, page = await asyncio.to_thread(_read, service, choice)
        except SQLAlchemyError as error:
            if self.is_answering:
                _logger.warning("The health page waits for the database: %s", error)
            self.is_answering = False
            self._show_pipeline(service, None)
            self.problems = [NO_ANSWER, *self.problems]
        else:
            self.is_answering = True
            self._show_pipeline(service, backends)
            self._show_deliveries(backends, page)

    def _choice(self) -> Choice:
        backend = self.chosen_backend or None
        if self.chosen_state:
            return Choice((DeliveryState(self.chosen_state),), backend)
        return Choice(backend=backend)

    def _show_pipeline(self, service: HealthService, backends: list[BackendHealth] | None) -> None:
        totals = service.totals()
        self.problems = build_problems(totals, backends or ())
        self.figures = build_figures(totals, backends, datetime.now(UTC))

    def _show_deliveries(self, backends: list[BackendHealth], page: UndeliveredPage) -> None:
        now = datetime.now(UTC)
        self.backends = [build_backend_row(one, now) for one in backends]
        self.rest = describe_rest(page)
        events = [build_undelivered_row(one, backends) for one in page.items]
        if events != self.events:
            self.events = events


def _read(service: HealthService, choice: Choice) -> tuple[list[BackendHealth], UndeliveredPage]:
    backends = service.backends()
    return backends, service.undelivered(choice, backends)
