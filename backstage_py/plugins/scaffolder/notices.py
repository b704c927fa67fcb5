"""What people are told of templates: that their task has ended, and what a step wants to say."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.analytics import AnalyticsEvent
from backstage_py.plugins.notifications.service import (
    NotificationError,
    Payload,
    Severity,
    notify,
)
from backstage_py.plugins.scaffolder.actions.notification import Notification
from backstage_py.plugins.scaffolder.errors import ActionError
from backstage_py.plugins.scaffolder.routes import TASK

_logger = logging.getLogger(__name__)

ORIGIN = "scaffolder"
_ENDS = {
    "completed": ("is ready", Severity.NORMAL),
    "failed": ("has failed", Severity.HIGH),
}

Tell = Callable[[str, Payload, Iterable[str] | None], int]


@dataclass(frozen=True, slots=True)
class Notices:
    """Brings the news of tasks to people's notifications, by `tell`."""

    tell: Tell = notify

    def announce_end(self, event: AnalyticsEvent, user: str) -> None:
        """Tell who started a task that it is completed or has failed; never raises.

        Args:
            event: The event of the task's end.
            user: The entity ref of who started it.
        """
        if event.action not in _ENDS:
            return
        words, severity = _ENDS[event.action]
        task_id = str(event.context["taskId"])
        payload = Payload(
            title=f"{event.subject[:200]} {words}",
            link=TASK.link(id=task_id),
            severity=severity,
            topic="Tasks",
            scope=f"task {task_id}",
        )
        try:
            self.tell(ORIGIN, payload, [user])
        except (NotificationError, SQLAlchemyError) as error:
            _logger.warning("%s is not told of the task %s: %s", user, task_id, error)

    def send(self, notification: Notification, *, sender: str) -> None:
        """Do what the action `notification:send` asks for.

        Raises:
            ActionError: A text, the link or a recipient is wrong, or the database does not answer.
        """
        try:
            payload = Payload(
                title=notification.title,
                description=notification.description,
                link=notification.link,
                severity=Severity(notification.severity),
                topic=sender,
                scope=notification.scope,
            )
            self.tell(ORIGIN, payload, notification.recipients or None)
        except ValueError as error:
            raise ActionError(f"input: {error}") from error
        except SQLAlchemyError as error:
            raise ActionError(
                "the notification is not sent: the database does not answer"
            ) from error
