"""Alerts and digests of the portal, with its notifications as a channel."""

import functools
from collections.abc import Sequence

from backstage_py.analytics import AnalyticsError, get_runtime
from backstage_py.insights import (
    Answer,
    Question,
    Sample,
    Scope,
    Viewer,
    Window,
    get_access,
    get_annotations,
)
from backstage_py.insights.alerts.alerts import AlertPlan, Alerts
from backstage_py.insights.alerts.channels import ChannelError
from backstage_py.insights.alerts.message import Message
from backstage_py.insights.changes.digest import write_digest
from backstage_py.insights.changes.movements import Changes, find_changes
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.settings import get_settings
from backstage_py.insights.usual import Calendar
from backstage_py.plugins.notifications.api import Payload, Severity, notify

ORIGIN = "insights"
"""Who tells it: people switch it off by this name in the settings."""
_MAX_TITLE, _MAX_BODY = 255, 4_000
_SEVERITIES = {"firing": Severity.HIGH, "digest": Severity.LOW}


class NotificationsChannel:
    """Tells users and groups in the portal; a person has one notification of each message."""

    is_repeatable = True

    def send(self, message_id: str, message: Message, receivers: Sequence[str]) -> None:
        """See `Channel`: groups stand for their members."""
        if not receivers:
            raise ChannelError("It has nobody in `to`: name users or groups")
        payload = Payload(
            title=message.title[:_MAX_TITLE],
            description=message.body[:_MAX_BODY],
            link=message.link,
            severity=_SEVERITIES.get(message.kind, Severity.NORMAL),
            topic="Insights",
            scope=f"{ORIGIN}:{message_id}",
        )
        try:
            notify(ORIGIN, payload, receivers)
        except ValueError as error:
            raise ChannelError(str(error)) from error


def least_viewer() -> Viewer:
    """Who gets alerts, whoever they are: sees no people, and no small groups."""
    settings = get_access().settings
    return Viewer(smallest_group=settings.smallest_group, per_person=False)


@functools.cache
def get_calendar() -> Calendar:
    """The public holidays of `app.analytics.insights.country`.

    Raises:
        AnalyticsError: If the country is unknown.
    """
    return Calendar(get_access().settings.country)


def read_changes(scope: Scope, viewer: Viewer) -> Changes:
    """What changed in a scope, as this viewer may see it."""
    service = get_insights_service()
    return find_changes(
        lambda question, narrowed: service.ask(question, narrowed, viewer),
        scope,
        calendar=get_calendar(),
        annotations=get_annotations().list(),
    )


@functools.cache
def get_alerts() -> Alerts:
    """The alerts of this process.

    Raises:
        ConfigurationError: If a rule of `app.analytics.insights` is wrong.
    """
    runtime, settings = get_runtime(), get_access().settings
    plan = AlertPlan(
        settings.alerts,
        settings.digests,
        get_calendar(),
        get_settings().zone,
        runtime.base_url,
    )
    return Alerts(
        runtime.store.engine,
        plan,
        ask=_ask,
        write_digest=_write_digest,
        in_app=NotificationsChannel(),
    )


def title_of(kind: str, name: str) -> str:
    """The title of a template; plugins, pages and terms have their names."""
    if kind != "template":
        return name
    try:
        return get_insights_service().title_of(name) or name
    except AnalyticsError:
        return name


def _ask(question: Question, scope: Scope) -> Answer:
    return get_insights_service().ask(question, scope, least_viewer())


def _write_digest(window: Window) -> Message:
    scope = Scope(window, sample=Sample.WITHOUT, with_robots=False)
    return write_digest(read_changes(scope, least_viewer()), title_of=title_of)
