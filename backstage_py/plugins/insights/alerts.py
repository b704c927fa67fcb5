"""The portal's notifications, as a channel of alerts and digests."""

from collections.abc import Sequence

from backstage_py.insights.alerts.channels import ChannelError
from backstage_py.insights.alerts.message import Message
from backstage_py.plugins.notifications.api import Payload, Severity, notify

ORIGIN = "insights"
"""The origin of the notifications, by which people mute them in the settings."""
_MAX_TITLE, _MAX_BODY = 255, 4_000
_SEVERITIES = {"firing": Severity.HIGH, "digest": Severity.LOW}


class NotificationsChannel:
    """Notifies users and groups in the portal; each message is one notification per person."""

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
