"""The action that notifies people, if a plugin provides notifications."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from backstage_py.plugins.scaffolder.actions.action import ActionContext
from backstage_py.plugins.scaffolder.errors import ActionError


@dataclass(frozen=True, slots=True)
class Notification:
    """What to send; `recipients` are entity refs of users and groups, empty for everybody."""

    recipients: tuple[str, ...]
    title: str
    description: str = ""
    link: str = ""
    severity: str = "normal"
    scope: str = ""


class NotificationSender(Protocol):
    """Sends a notification to its recipients; passed to `Scaffolder.provide_notifications`."""

    def __call__(self, notification: Notification, *, sender: str) -> None:
        """Send it.

        Args:
            notification: The notification.
            sender: The entity ref of the template it comes from.

        Raises:
            ActionError: If it cannot be sent.
        """
        ...


@dataclass(frozen=True, slots=True)
class NotificationAction:
    """The action `notification:send`."""

    send: NotificationSender

    def run(self, context: ActionContext) -> None:
        """Send the notification of the input."""
        notification = _read(context.input)
        try:
            self.send(notification, sender=context.template_ref)
        except ActionError as error:
            if not context.input.get("optional"):
                raise
            context.warn(str(error))
            return
        context.log(f"Notified {', '.join(notification.recipients) or 'everybody'}")


def _read(given: Mapping[str, Any]) -> Notification:
    refs: Sequence[str] = given.get("entityRefs") or ()
    if given.get("recipients") == "entity" and not refs:
        raise ActionError("input.entityRefs: name at least one, or set recipients: broadcast")
    return Notification(
        recipients=tuple(refs) if given.get("recipients") == "entity" else (),
        title=given.get("title", ""),
        description=given.get("description") or given.get("info") or "",
        link=given.get("link") or "",
        severity=given.get("severity") or "normal",
        scope=given.get("scope") or "",
    )
