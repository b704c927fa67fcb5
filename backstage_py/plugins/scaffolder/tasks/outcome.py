"""The analytics events of a task: its start and its end.

`create` is captured when a task is accepted, as in Backstage. The end of a task is an additional
event, so that the time saved can count only successes (backstage/backstage#7599).
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from backstage_py.analytics import AnalyticsEvent, get_recorder
from backstage_py.plugins.scaffolder.tasks.task import TaskStatus
from backstage_py.plugins.scaffolder.templates.template import Template

MAX_SUBJECT = 4_000

Record = Callable[[AnalyticsEvent, str], None]
"""Records an event for a user, by their entity ref; never raises."""

_logger = logging.getLogger(__name__)


def create_subject(template: Template, values: Mapping[str, Any]) -> str:
    """The subject of the event `create`: the form's `name`, else `new {template}`.

    The `value` of the event is `template.minutes_saved`.
    Source: `useAnalytics` in `TemplateWizardPage` of `@backstage/plugin-scaffolder`.
    """
    name = values.get("name")
    return name[:MAX_SUBJECT] if isinstance(name, str) and name else f"new {template.name}"


def build_outcome(
    template: Template, values: Mapping[str, Any], *, task_id: str, status: TaskStatus
) -> AnalyticsEvent:
    """Make the event of a task's end: `completed`, `failed` or `cancelled`."""
    return AnalyticsEvent(
        action=status,
        subject=create_subject(template, values),
        value=template.minutes_saved if status == "completed" else None,
        context={
            "routeRef": "unknown",
            "pluginId": "scaffolder",
            "extension": "App",
            "entityRef": template.entity_ref,
            "taskId": task_id,
        },
    )


def record_outcome(event: AnalyticsEvent, user: str) -> None:
    """Record an event with the portal's own recorder."""
    try:
        get_recorder().record(event, session_id=None, user=user)
    except Exception:
        _logger.warning("The event %r was not recorded", event.action, exc_info=True)
