"""The alerts and digests of the configuration, and what became of their messages."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import (
    ANALYTICS_INSIGHTS_READ,
    ANALYTICS_MANAGE,
    AnalyticsError,
    access,
)
from backstage_py.insights.ui.alert_rows import (
    AlertRow,
    MessageRow,
    build_alert_rows,
    build_message_rows,
)
from backstage_py.insights.ui.alerting import get_alerts
from backstage_py.insights.ui.host import visitor_of
from backstage_py.insights.ui.settings import get_settings

_logger = logging.getLogger(__name__)

SHOWN_MESSAGES = 20


@access(ANALYTICS_INSIGHTS_READ)
class AlertsState(rx.State):
    """The rules with their states, and the newest messages."""

    rules: rx.Field[list[AlertRow]] = rx.field(default_factory=list)
    messages: rx.Field[list[MessageRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    may_manage: rx.Field[bool] = rx.field(False)
    problem: rx.Field[str] = rx.field("")
    said: rx.Field[str] = rx.field("")

    @rx.event(background=True)
    async def load(self) -> AsyncGenerator[Any]:
        """Read the rules and their states."""
        async with self:
            caller = visitor_of(self)
            self.said, self.may_manage = "", caller.may_manage
        if caller.viewer is None:
            return
        problem, rules, messages = "", list[AlertRow](), list[MessageRow]()
        try:
            rules, messages = await asyncio.to_thread(_read)
        except AnalyticsError as error:
            problem = str(error)
        except SQLAlchemyError as error:
            _logger.warning("The alerts cannot be read: %s", error)
            problem = "The database does not answer. Try again."
        async with self:
            self.rules, self.messages = rules, messages
            self.problem, self.is_loaded = problem, True
        yield

    @rx.event(background=True)
    @access(ANALYTICS_MANAGE)
    async def send_test(self, name: str) -> AsyncGenerator[Any]:
        """Send a test message to each channel of a rule."""
        async with self:
            self.said = f"Sending a test of {name}…"
        yield
        try:
            problems = await asyncio.to_thread(get_alerts().send_test, name)
        except AnalyticsError as error:
            problems = [str(error)]
        said = f"The test of {name} was sent." if not problems else "; ".join(problems)
        async with self:
            self.said = said
        yield


def _read() -> tuple[list[AlertRow], list[MessageRow]]:
    alerts, zone = get_alerts(), get_settings().zone
    return build_alert_rows(alerts, zone), build_message_rows(alerts.messages(SHOWN_MESSAGES), zone)
