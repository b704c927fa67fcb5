"""Notifications of templates: ended tasks, and messages of steps."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from backstage_py.plugins.notifications.api import Payload, Severity, notify
from backstage_py.plugins.scaffolder.actions.notification import Notification
from backstage_py.plugins.scaffolder.errors import ActionError
from backstage_py.plugins.scaffolder.routes import TASK
from backstage_py.plugins.scaffolder.tasks.task import Task

ORIGIN = "scaffolder"
MAX_TEXT = 1_000
_ENDS = {
    "completed": ("has run to its end", Severity.NORMAL),
    "failed": ("has failed", Severity.HIGH),
}

Tell = Callable[[str, Payload, Iterable[str] | None], int]


@dataclass(frozen=True, slots=True)
class Notices:
    """Sends notifications about tasks, through `tell`."""

    tell: Tell = notify

    def announce_end(self, task: Task) -> None:
        """Notify the user who started a task that it is completed or has failed."""
        if task.status not in _ENDS:
            return
        words, severity = _ENDS[task.status]
        payload = Payload(
            title=f"{task.template_title[:200]} {words}",
            description=task.error[:MAX_TEXT],
            link=TASK.link(id=task.id),
            severity=severity,
            topic="Tasks",
            scope=f"task {task.id}",
        )
        self.tell(ORIGIN, payload, [task.created_by])

    def send(self, notification: Notification, *, sender: str) -> None:
        """Send the notification of the action `notification:send`.

        Raises:
            ActionError: If a text, the link or a recipient is invalid, or the database does not
                answer.
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
