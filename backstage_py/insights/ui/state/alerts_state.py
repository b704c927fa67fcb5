"""The alerts and digests, of the configuration and of the page, and their messages."""

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
from backstage_py.insights import Caller
from backstage_py.insights.ui.alert_rows import (
    AlertRow,
    MessageRow,
    build_alert_rows,
    build_message_rows,
    read_form,
)
from backstage_py.insights.ui.alerting import get_alerts
from backstage_py.insights.ui.dashboarding import list_people
from backstage_py.insights.ui.host import visitor_of
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.settings import get_settings

_logger = logging.getLogger(__name__)

SHOWN_MESSAGES = 20
_NO_DATABASE = "The database does not answer. Try again."


@access(ANALYTICS_INSIGHTS_READ)
class AlertsState(rx.State):
    """The rules with their states, and the newest messages."""

    rules: rx.Field[list[AlertRow]] = rx.field(default_factory=list)
    messages: rx.Field[list[MessageRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)
    problem: rx.Field[str] = rx.field("")
    said: rx.Field[str] = rx.field("")
    may_manage: rx.Field[bool] = rx.field(False)
    people: rx.Field[list[str]] = rx.field(default_factory=list)
    wrong: rx.Field[str] = rx.field("")

    @rx.event(background=True)
    async def load(self) -> AsyncGenerator[Any]:
        """Read the rules and their states."""
        async with self:
            caller = visitor_of(self)
            self.said = ""
        if caller.viewer is None:
            return
        problem, rules, messages = "", list[AlertRow](), list[MessageRow]()
        may_manage, people = may_manage_alerts(caller), list[str]()
        try:
            rules, messages = await asyncio.to_thread(_read)
            if may_manage:
                people = await asyncio.to_thread(list_people, get_insights_service())
        except AnalyticsError as error:
            problem = str(error)
        except SQLAlchemyError as error:
            _logger.warning("The alerts cannot be read: %s", error)
            problem = _NO_DATABASE
        async with self:
            self.rules, self.messages = rules, messages
            self.problem, self.is_loaded = problem, True
            self.may_manage, self.people, self.wrong = may_manage, people, ""
        yield

    @rx.event(background=True)
    @access(ANALYTICS_MANAGE)
    async def add(self, form: dict[str, Any]) -> AsyncGenerator[Any]:
        """Add the rule that the form describes."""
        async with self:
            caller = visitor_of(self)
        wrong = await asyncio.to_thread(_add, caller, form)
        async with self:
            self.wrong = wrong
        yield
        if not wrong:
            yield AlertsState.load

    @rx.event(background=True)
    @access(ANALYTICS_MANAGE)
    async def remove(self, name: str) -> AsyncGenerator[Any]:
        """Remove a rule of the page."""
        async with self:
            caller = visitor_of(self)
        if not may_manage_alerts(caller):
            return
        try:
            await asyncio.to_thread(get_alerts().remove_rule, name)
        except SQLAlchemyError as error:
            _logger.warning("An alert cannot be removed: %s", error)
            async with self:
                self.wrong = _NO_DATABASE
        yield AlertsState.load

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


def may_manage_alerts(caller: Caller) -> bool:
    """Whether somebody may add and remove rules."""
    return caller.viewer is not None and caller.user is not None and caller.may_manage


def _add(caller: Caller, form: dict[str, Any]) -> str:
    """Add the rule of a form; what is wrong with it, empty for nothing."""
    if not may_manage_alerts(caller):
        return f"You need the permission {ANALYTICS_MANAGE}."
    try:
        get_alerts().add_rule(read_form(form), caller.user or "")
    except AnalyticsError as error:
        return str(error)
    except SQLAlchemyError as error:
        _logger.warning("An alert cannot be kept: %s", error)
        return _NO_DATABASE
    return ""
