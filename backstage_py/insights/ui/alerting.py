"""Alerts, digests and what changed, as the app that shows the dashboard knows things."""

import functools
from datetime import datetime

from backstage_py.analytics import AnalyticsError, get_runtime, utc_now
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
from backstage_py.insights.alerts.message import Message
from backstage_py.insights.changes.before_after import Comparison, compare_around
from backstage_py.insights.changes.digest import write_digest
from backstage_py.insights.changes.movements import Changes, find_changes
from backstage_py.insights.ui.host import get_host
from backstage_py.insights.ui.service import get_insights_service
from backstage_py.insights.ui.settings import get_settings
from backstage_py.insights.usual import Calendar


def least_viewer() -> Viewer:
    """What receivers of alerts may see: no people and no small groups."""
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


def compare(moment: datetime, viewer: Viewer, days: int) -> list[Comparison]:
    """The headline numbers before and after a moment, as this viewer may see them."""
    service = get_insights_service()
    scope = Scope(Window(zone=get_settings().zone), with_robots=False)
    return compare_around(
        lambda question, narrowed: service.ask(question, narrowed, viewer),
        scope,
        moment,
        now=utc_now(),
        days=days,
    )


@functools.cache
def get_alerts() -> Alerts:
    """The alerts and digests of this process.

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
        in_app=get_host().in_app,
    )


def title_of(kind: str, name: str) -> str:
    """The title of a plugin, page or template where it has one; a term is its own."""
    service = get_insights_service()
    find = {
        "page": service.page_title,
        "plugin": service.plugin_title,
        "template": service.title_of,
    }.get(kind)
    try:
        return (find(name) if find else "") or name
    except AnalyticsError:
        return name


def _ask(question: Question, scope: Scope) -> Answer:
    return get_insights_service().ask(question, scope, least_viewer())


def _write_digest(window: Window) -> Message:
    scope = Scope(window, sample=Sample.WITHOUT, with_robots=False)
    return write_digest(read_changes(scope, least_viewer()), title_of=title_of)
